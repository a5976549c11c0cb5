"""A row of an agent's tree: a name in numbers, and a value as its SNMP type and what goes into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pysnmp.proto.rfc1902 import Counter32, Counter64, Gauge32, Integer32, ObjectIdentifier, OctetString, TimeTicks

from lab.device import DeviceState

Oid = tuple[int, ...]
Value = tuple[type, Any]
Row = tuple[Oid, Value]
VendorRows = Callable[[DeviceState], Iterable[Row]]


def oid(text: str) -> Oid:
    return tuple(int(number) for number in text.split("."))


def integer(value: float) -> Value:
    return Integer32, round(value)


def gauge(value: float) -> Value:
    return Gauge32, round(value)


def counter32(value: float) -> Value:
    return Counter32, int(value) % 2**32


def counter64(value: float) -> Value:
    return Counter64, int(value) % 2**64


def ticks(seconds: float) -> Value:
    """Hundredths of a second; the type wraps after 497 days (RFC 2578 section 7.1.8)."""
    return TimeTicks, int(seconds * 100) % 2**32


def octets(value: str | bytes) -> Value:
    return OctetString, value.encode() if isinstance(value, str) else value


def name(value: Oid) -> Value:
    return ObjectIdentifier, value


def columns(entry: Oid, index: int, cells: dict[int, Value]) -> Iterator[Row]:
    """One conceptual row: ``entry.column.index`` for each cell."""
    for column, value in cells.items():
        yield (*entry, column, index), value
