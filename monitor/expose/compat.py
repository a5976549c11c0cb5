"""snmp_exporter's page for one target, from the last answers: its names and labels, so that its dashboards work.

Nothing is asked of the device here. Values are the agent's own integers (sysUpTime in hundredths of a second);
Counter64 wraps at 2^53 as snmp_exporter wraps it, because a Prometheus value is a 64-bit float.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite

from hotspot.metrics import Family, foreign
from monitor.kinds.neighbour import HEARD
from monitor.snapshot import Answers, Polled, Port, Rows, Value

MOST_SERIES = 5_000  # of one device: a full OLT has some thousands; what is above tells of a loop or of a lie
_EXACT = 2**53
_NAMES = ("Name", "Ssid", "EssId", "Port")  # a row's texts that say what it is: these become labels
_STRINGS = ("sysName", "sysDescr", "sysLocation", "sysContact")  # become labels, as DisplayStrings do there
# IANAifType-MIB, the types that such devices have; any other shows its number.
_IF_TYPES = {1: "other", 6: "ethernetCsmacd", 24: "softwareLoopback", 53: "propVirtual", 71: "ieee80211"}
_IF_TYPES |= {131: "tunnel", 135: "l2vlan", 161: "ieee8023adLag", 209: "bridge"}


@dataclass
class _Draft:
    """Families while they grow: rows by name, so that a family is written in one piece; ``left`` may still come."""

    rows: dict[str, list[tuple[Mapping[str, str], float]]] = field(default_factory=dict)
    left: int = 0
    dropped: int = 0

    def offer(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """What a device says: as long as it is not too much."""
        if self.left > 0:
            self.left -= 1
            self.add(name, labels, value)
        else:
            self.dropped += 1

    def add(self, name: str, labels: Mapping[str, str], value: float) -> None:
        self.rows.setdefault(name, []).append(({key: _clean(text) for key, text in labels.items()}, value))

    def families(self) -> Iterable[Family]:
        return (foreign(name, f"{name} as the agent gave it at the last poll.", r) for name, r in self.rows.items())


def families(polled: Polled, answers: Answers) -> Iterable[Family]:
    draft = _Draft(left=MOST_SERIES)
    _scalars(draft, answers.system)
    _scalars(draft, answers.scalars)
    for port in answers.ports:
        _port(draft, port)
    for table, rows in answers.tables.items():
        if table not in HEARD:  # what a neighbour calls itself is no label
            _table(draft, table, rows)
    draft.add("snmp_scrape_duration_seconds", {"module": "hotspot"}, polled.seconds)
    if draft.dropped:
        draft.add("hotspot_series_dropped", {}, draft.dropped)
    return draft.families()


def _scalars(draft: _Draft, scalars: Mapping[str, Value]) -> None:
    for name, value in scalars.items():
        if name in _STRINGS:
            draft.offer(name, {name: str(value)}, 1)
        elif isinstance(value, int):
            draft.offer(name, {}, value % _EXACT if value >= 0 else value)


def _port(draft: _Draft, port: Port) -> None:
    labels = {"ifIndex": str(port.index), "ifName": port.name, "ifAlias": port.alias, "ifDescr": port.descr}
    for name, value in port.values.items():
        if name == "ifType":
            draft.offer("ifType_info", {**labels, "ifType": _IF_TYPES.get(value, str(value))}, 1)
        else:
            draft.offer(name, labels, value % _EXACT if value >= 0 else value)


def _table(draft: _Draft, table: str, rows: Rows) -> None:
    """A row is told apart by its index and shows its names; the index keeps it unique when two names are equal."""
    prefix = table.removesuffix("Table").removesuffix("Entry")
    for index, row in rows.items():
        names = {key: text for key, text in row.items() if isinstance(text, str) and key.endswith(_NAMES)}
        for name, value in row.items():
            figure = None if name in names else _figure(value)
            if figure is not None:
                draft.offer(name, {f"{prefix}Index": index, **names}, figure)


def _figure(value: Value) -> float | None:
    """Some agents write their figures as text ("0.251200"); other texts are none."""
    if isinstance(value, int):
        return value % _EXACT if value >= 0 else value
    try:
        figure = float(value)
    except ValueError:
        return None
    return figure if isfinite(figure) else None


def _clean(text: str) -> str:
    """A device may say anything; the page is UTF-8."""
    return text.encode("utf-8", "replace").decode()
