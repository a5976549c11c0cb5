"""CoovaChilli: speeds in bit/s by WISPr, data as a total of both directions (doc/dictionary.coovachilli)."""

from __future__ import annotations

from datetime import datetime

from hotspot.allowance import Limits
from hotspot.wire import Attribute, vendor
from radius.answers.generic import speeds
from radius.answers.usual import timers

_CHILLISPOT = 14559
_MAX_TOTAL_OCTETS = 3
_MAX_TOTAL_GIGAWORDS = 23


def attributes(limits: Limits, _until: datetime | None = None) -> tuple[Attribute, ...]:
    """A total of 0 would mean "no limit" to it; whoever has nothing left is refused before this is asked."""
    if limits.octets is None:
        return (*timers(limits), *speeds(limits))
    high, low = divmod(limits.octets, 1 << 32)
    return (
        *timers(limits),
        *speeds(limits),
        vendor(_CHILLISPOT, _MAX_TOTAL_OCTETS, low.to_bytes(4, "big")),
        vendor(_CHILLISPOT, _MAX_TOTAL_GIGAWORDS, high.to_bytes(4, "big")),
    )
