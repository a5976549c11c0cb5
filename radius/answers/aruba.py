"""Aruba: RADIUS' own timers; its speeds are roles of the controller, which no Accept of ours names."""

from __future__ import annotations

from datetime import datetime

from hotspot.allowance import Limits
from hotspot.wire import Attribute
from radius.answers.usual import timers


def attributes(limits: Limits, _until: datetime | None) -> tuple[Attribute, ...]:
    return timers(limits)
