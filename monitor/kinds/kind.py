"""What makes a kind of device: which of its own objects are read, and what they mean in our words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from monitor.mib import MibTable
from monitor.snapshot import Port, Rows, Value


@dataclass(frozen=True)
class Figure:
    """A reading before it has a subject and a time; without a value it says why."""

    what: str
    port: str
    value: float | None
    error: str = ""


@dataclass(frozen=True)
class Found:
    """The objects of one poll by their MIB names."""

    ports: tuple[Port, ...] = ()
    scalars: Mapping[str, Value] = field(default_factory=dict)
    tables: Mapping[str, Rows] = field(default_factory=dict)

    def rows(self, table: str) -> Iterator[tuple[str, Mapping[str, Value]]]:
        yield from self.tables.get(table, {}).items()

    def port_name(self, index: str, otherwise: str) -> str:
        """The port with this ifIndex; a vendor's table may know ports that IF-MIB does not show."""
        return next((port.name for port in self.ports if str(port.index) == index), otherwise)


@dataclass(frozen=True)
class Kind:
    """``figures`` is pure. No table with a client's address in it is ever read whole."""

    name: str
    scalars: Mapping[str, str]
    tables: tuple[MibTable, ...]
    figures: Callable[[Found], Iterable[Figure]]


def clients_by_ssid(rows: Iterable[tuple[str, float]]) -> Iterator[Figure]:
    """One figure a network: the same SSID on two radios is one network."""
    sums: dict[str, float] = {}
    for ssid, clients in rows:
        if ssid:
            sums[ssid] = sums.get(ssid, 0) + clients
    return (Figure("clients", ssid, count) for ssid, count in sums.items())


def dbm(milliwatts: float) -> float | None:
    """Optical power as a level; nothing at all has none."""
    return 10 * math.log10(milliwatts) if milliwatts > 0 else None


def number(value: Value | None) -> float:
    """An integer object's value, 0 where the agent has none."""
    return float(value) if isinstance(value, int) else 0.0
