"""HOST-RESOURCES-MIB (RFC 2790), as a part of other kinds: how busy its processors are and how full its memory is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.kinds.kind import Figure, Found, Kind, Tell, compose
from monitor.kinds.units import number
from monitor.mib import table
from monitor.snapshot import Value

PROCESSORS = table("hrProcessorTable", "1.3.6.1.2.1.25.3.3.1", {"hrProcessorLoad": 2})
STORAGE = table(
    "hrStorageTable",
    "1.3.6.1.2.1.25.2.3.1",
    {"hrStorageDescr": 3, "hrStorageAllocationUnits": 4, "hrStorageSize": 5, "hrStorageUsed": 6},
)
_MEMORY = ("main memory", "physical memory", "ram")
_LENT = ("cached memory", "memory buffers")  # Linux counts what it lends to its cache as used


def _load(found: Found) -> Iterator[Figure]:
    loads = [number(row["hrProcessorLoad"]) for _, row in found.rows("hrProcessorTable") if "hrProcessorLoad" in row]
    if loads:
        yield Figure("cpu", "", sum(loads) / len(loads) / 100)


def _memory(found: Found) -> Iterator[Figure]:
    rows = {str(row.get("hrStorageDescr", "")).lower(): row for _, row in found.rows("hrStorageTable")}
    whole = next((rows[name] for name in _MEMORY if name in rows), None)
    size = number(whole.get("hrStorageSize")) if whole else 0
    if whole and size:
        lent = sum(_bytes(rows[name]) for name in _LENT if name in rows)
        units = number(whole.get("hrStorageAllocationUnits")) or 1
        yield Figure("memory", "", max(0.0, (_bytes(whole) - lent) / (size * units)))


def _bytes(row: Mapping[str, Value]) -> float:
    return number(row.get("hrStorageUsed")) * number(row.get("hrStorageAllocationUnits"))


LOAD = Kind("load", {}, (PROCESSORS,), _load, (Tell("cpu", "HOST-RESOURCES-MIB hrProcessorLoad"),))
MEMORY = Kind("memory", {}, (STORAGE,), _memory, (Tell("memory", "HOST-RESOURCES-MIB hrStorageUsed"),))
HOST = compose("host", LOAD, MEMORY)
