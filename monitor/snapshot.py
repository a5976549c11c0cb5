"""The last complete state of everything that is watched, in memory: the poller puts it, all pages are made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from monitor.reading import Reading

Value = int | str
Rows = Mapping[str, Mapping[str, Value]]  # index (dotted, after the column) -> MIB object name -> raw value

STALE_INTERVALS = 2.5  # older answers are no longer shown as the present


@dataclass(frozen=True)
class Port:
    """A row of IF-MIB. ``name`` is unique within its device and stays after a reboot; ``index`` may not."""

    index: int
    name: str  # ifName, or ifDescr, or "if<index>"
    alias: str
    descr: str
    values: Mapping[str, int]  # ifOperStatus, ifHCInOctets … by their IF-MIB names, as the agent gave them

    @property
    def is_up(self) -> bool:
        return self.values.get("ifOperStatus") == 1

    @property
    def is_wanted(self) -> bool:
        """Nobody has switched it off (ifAdminStatus is up)."""
        return self.values.get("ifAdminStatus", 1) == 1


@dataclass(frozen=True)
class Answers:
    """What one complete poll of one device returned."""

    at: float
    system: Mapping[str, Value]  # sysDescr, sysObjectID, sysUpTime (hundredths of a second), sysName, sysLocation …
    ports: tuple[Port, ...]
    scalars: Mapping[str, Value]  # the kind's own, by MIB object name
    tables: Mapping[str, Rows]  # the kind's own, by the name of the MIB table; never one with client addresses in it
    readings: tuple[Reading, ...]
    stale: tuple[str, ...] = ()  # tables of which only the first rows came, or none

    def port(self, name: str) -> Port | None:
        return next((port for port in self.ports if port.name == name), None)

    def reading(self, what: str, port: str = "") -> float | None:
        return next((r.value for r in self.readings if r.what == what and r.port == port), None)


@dataclass(frozen=True)
class Polled:
    """A device or NAS as the monitor knows it: its last answers, and how the last try went."""

    kind: str  # device | nas
    id: str
    answers: Answers | None = None
    tried_at: float | None = None
    error: str = ""  # of the last try, empty when it succeeded
    trouble: str = ""  # monitor.snmp.agent.Trouble of that error, if it came from SNMP
    seconds: float = 0.0  # that the last try took
    missed: int = 0  # tries in a row without an answer
    alive: bool = False  # the last try got some sign of life, be it only a refusal or an echo
    probes: tuple[Reading, ...] = ()  # rtt, loss and jitter of the last try
    rtts: tuple[float, ...] = ()  # of its echoes

    @property
    def last_success_at(self) -> float | None:
        return self.answers.at if self.answers else None

    def fresh(self, now: float, interval: float) -> Answers | None:
        """The answers while they still describe the present."""
        if self.answers and now - self.answers.at <= STALE_INTERVALS * interval:
            return self.answers
        return None


@dataclass(frozen=True)
class Light:
    """How an end's received light has gone over days: dB below its baseline, days until only the margin is left.

    ``bent``: the day on which it fell or rose at once, and by how many dB.
    """

    drop: float
    days_left: int | None = None
    bent: tuple[str, float] | None = None


@dataclass(frozen=True)
class LinkEndView:
    """What one end of a link says of itself."""

    device: str
    port: str
    up: bool | None = None  # None: not known now
    rx_dbm: float | None = None
    tx_dbm: float | None = None
    light: Light | None = None


@dataclass(frozen=True)
class LinkView:
    """An active link as it is now; loss is what the far end sends less what the near end receives, in dB."""

    id: str
    state: str
    a: LinkEndView
    b: LinkEndView

    @property
    def loss_db(self) -> Mapping[str, float]:
        """By the device that receives."""
        losses = {}
        for sender, receiver in ((self.a, self.b), (self.b, self.a)):
            if sender.tx_dbm is not None and receiver.rx_dbm is not None:
                losses[receiver.device] = sender.tx_dbm - receiver.rx_dbm
        return losses


@dataclass
class Snapshot:
    """Everything by id; devices and NASes share one space of names."""

    interval: float = 60.0
    polled: dict[str, Polled] = field(default_factory=dict)
    links: dict[str, LinkView] = field(default_factory=dict)
    states: dict[tuple[str, str], str] = field(default_factory=dict)  # (device | nas | link, id) -> state word
    incidents_open: dict[str, int] = field(default_factory=dict)  # by cause
    hints: dict[tuple[str, str, str], float] = field(
        default_factory=dict
    )  # (device, battery | light, port): its trap's time
    gathered: frozenset[tuple[str, str]] = frozenset()  # told as one cause with what broke beside them
    maintained: frozenset[tuple[str, str]] = frozenset()  # under announced work now

    def put(self, polled: Polled) -> None:
        self.polled[polled.id] = polled

    def of_kind(self, kind: str) -> Iterator[Polled]:
        return (polled for polled in self.polled.values() if polled.kind == kind)

    def clients(self, now: float) -> Iterator[tuple[str, str, float]]:
        """(device, SSID, clients) of every fresh answer."""
        for polled in self.polled.values():
            answers = polled.fresh(now, self.interval)
            for reading in answers.readings if answers else ():
                if reading.what == "clients" and reading.value is not None:
                    yield polled.id, reading.port, reading.value
