"""What makes a kind of device: which of its own objects are read, what they mean in our words, and who checked that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

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
    stale: tuple[str, ...] = ()  # tables that did not come to their end; of them there are the complete rows that came

    def rows(self, table: str) -> Iterator[tuple[str, Mapping[str, Value]]]:
        yield from self.tables.get(table, {}).items()

    def port_name(self, index: str, otherwise: str) -> str:
        """The port with this ifIndex; a vendor's table may know ports that IF-MIB does not show."""
        return next((port.name for port in self.ports if str(port.index) == index), otherwise)


@dataclass(frozen=True)
class Tell:
    """One line of a capability card: what is read from which object.

    ``recording``: of the real device on which a test compares it; without one the reading is unverified.
    """

    what: str  # a key of monitor.reading.UNITS
    source: str
    recording: str = ""


@dataclass(frozen=True)
class Kind:
    """``figures`` is pure. These objects, the system group and IF-MIB are all that such a device is ever asked for.

    Forwarding tables, which stop small CPUs, and columns with a client's address are in no kind.
    """

    name: str
    scalars: Mapping[str, str]
    tables: tuple[MibTable, ...]
    figures: Callable[[Found], Iterable[Figure]]
    tells: tuple[Tell, ...] = ()
    seldom: tuple[MibTable, ...] = ()  # what changes by hand only, asked now and then; a fault in it fails no poll


def compose(name: str, *parts: Kind, verified: Mapping[str, str] | None = None) -> Kind:
    """A kind made of parts that several share; ``verified``: on which recording of this kind a shared part was read."""
    checked = verified or {}

    def figures(found: Found) -> Iterator[Figure]:
        for part in parts:
            yield from part.figures(found)

    scalars = {name: oid for part in parts for name, oid in part.scalars.items()}
    tables = tuple(table for part in parts for table in part.tables)
    tells = (
        replace(tell, recording=tell.recording or checked.get(tell.what, "")) for part in parts for tell in part.tells
    )
    seldom = tuple(table for part in parts for table in part.seldom)
    return Kind(name, scalars, tables, figures, tuple(tells), seldom)


def clients_by_ssid(rows: Iterable[tuple[str, float]]) -> Iterator[Figure]:
    """One figure a network: the same SSID on two radios is one network."""
    sums: dict[str, float] = {}
    for ssid, clients in rows:
        if ssid:
            sums[ssid] = sums.get(ssid, 0) + clients
    return (Figure("clients", ssid, count) for ssid, count in sums.items())
