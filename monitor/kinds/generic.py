"""Any device with the standard MIBs: how long it runs, and which of its ports are up."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.kinds.kind import Figure, Found, Kind


def figures(_found: Found) -> Iterable[Figure]:
    return ()


KIND = Kind("generic", scalars={}, tables=(), figures=figures)
