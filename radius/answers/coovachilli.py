"""CoovaChilli: speeds in bit/s by WISPr, data as a total of both directions (doc/dictionary.coovachilli)."""

from __future__ import annotations

from hotspot.allowance import Limits
from hotspot.wire import Attribute, vendor

_WISPR = 14122
_BANDWIDTH_MAX_UP = 7
_BANDWIDTH_MAX_DOWN = 8
_CHILLISPOT = 14559
_MAX_TOTAL_OCTETS = 3
_MAX_TOTAL_GIGAWORDS = 23


def attributes(limits: Limits) -> tuple[Attribute, ...]:
    """A total of 0 would mean "no limit" to it; whoever has nothing left is refused before this is asked."""
    speeds = (
        vendor(_WISPR, _BANDWIDTH_MAX_UP, limits.up.to_bytes(4, "big")),
        vendor(_WISPR, _BANDWIDTH_MAX_DOWN, limits.down.to_bytes(4, "big")),
    )
    if limits.octets is None:
        return speeds
    high, low = divmod(limits.octets, 1 << 32)
    return (
        *speeds,
        vendor(_CHILLISPOT, _MAX_TOTAL_OCTETS, low.to_bytes(4, "big")),
        vendor(_CHILLISPOT, _MAX_TOTAL_GIGAWORDS, high.to_bytes(4, "big")),
    )
