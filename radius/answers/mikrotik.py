"""MikroTik HotSpot: speed as "upload/download", data as a total of both directions (dictionary.mikrotik)."""

from __future__ import annotations

from datetime import datetime

from hotspot.allowance import Limits
from hotspot.wire import Attribute, vendor
from radius.answers.usual import timers

_VENDOR = 14988
_RATE_LIMIT = 8
_TOTAL_LIMIT = 17
_TOTAL_LIMIT_GIGAWORDS = 18


def attributes(limits: Limits, _until: datetime | None) -> tuple[Attribute, ...]:
    return (*timers(limits), rate(limits), *_total(limits.octets))


def rate(limits: Limits) -> Attribute:
    """Its first half is what the router receives, which is the client's upload."""
    return vendor(_VENDOR, _RATE_LIMIT, f"{_speed(limits.up)}/{_speed(limits.down)}".encode())


def _total(octets: int | None) -> tuple[Attribute, ...]:
    if octets is None:
        return ()
    high, low = divmod(octets, 1 << 32)
    return (
        vendor(_VENDOR, _TOTAL_LIMIT, low.to_bytes(4, "big")),
        vendor(_VENDOR, _TOTAL_LIMIT_GIGAWORDS, high.to_bytes(4, "big")),
    )


def _speed(bits: int) -> str:
    """``512k`` and ``8M`` are thousands and millions of bit/s; what they cannot say exactly is written out."""
    for unit, size in (("M", 10**6), ("k", 10**3)):
        if bits and bits % size == 0:
            return f"{bits // size}{unit}"
    return str(bits)
