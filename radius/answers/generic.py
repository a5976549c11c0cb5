"""A NAS of no kind known here: RADIUS' own timers, WISPr's speeds in bit/s and its time of day to end at."""

from __future__ import annotations

from datetime import datetime

from hotspot.allowance import Limits
from hotspot.wire import Attribute, vendor
from radius.answers.usual import timers

_WISPR = 14122
_BANDWIDTH_MAX_UP = 7
_BANDWIDTH_MAX_DOWN = 8
_SESSION_TERMINATE_TIME = 9


def attributes(limits: Limits, until: datetime | None) -> tuple[Attribute, ...]:
    return (*timers(limits), *speeds(limits), *([] if until is None else [_terminate_time(until)]))


def speeds(limits: Limits) -> tuple[Attribute, ...]:
    return (
        vendor(_WISPR, _BANDWIDTH_MAX_UP, limits.up.to_bytes(4, "big")),
        vendor(_WISPR, _BANDWIDTH_MAX_DOWN, limits.down.to_bytes(4, "big")),
    )


def _terminate_time(until: datetime) -> Attribute:
    """``2026-11-24T21:00:00+07:00``: without the zone, and with ``Z``, NASes read it in their own (coova-chilli)."""
    return vendor(_WISPR, _SESSION_TERMINATE_TIME, until.isoformat(timespec="seconds").encode())
