"""TP-Link JetStream switches (TPLINK-DDMSTATUS-MIB): optics, as text in milliwatts; checked on a recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from monitor.kinds.kind import Figure, Found, Kind, dbm
from monitor.mib import table
from monitor.snapshot import Value

DDM = table(
    "ddmStatusTable",
    "1.3.6.1.4.1.11863.6.96.1.7.1.1",
    {"ddmStatusPort": 1, "ddmStatusTemperature": 2, "ddmStatusTxPow": 5, "ddmStatusRxPow": 6},
)
_EMPTY = "N/A"  # what a cage without a module says in every column


def figures(found: Found) -> Iterable[Figure]:
    for index, row in found.rows("ddmStatusTable"):
        yield from _optics(found.port_name(index, str(row.get("ddmStatusPort", index))), row)


def _optics(port: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    for name, what in (("ddmStatusTxPow", "tx-power"), ("ddmStatusRxPow", "rx-power")):
        text = str(row.get(name, _EMPTY))
        if text != _EMPTY:
            level = _level(text)
            yield Figure(what, port, level, "" if level is not None else "no light arrives")
    temperature = str(row.get("ddmStatusTemperature", _EMPTY))
    if temperature != _EMPTY:
        yield Figure("temperature", port, float(temperature))


def _level(text: str) -> float | None:
    try:
        return dbm(float(text))
    except ValueError:
        return None


KIND = Kind("jetstream", {}, (DDM,), figures)
