"""Ruckus: RADIUS' own timers, and WISPr's speeds in bit/s, which its hotspot service documents."""

from __future__ import annotations

from datetime import datetime

from hotspot.allowance import Limits
from hotspot.wire import Attribute
from radius.answers.generic import speeds
from radius.answers.usual import timers


def attributes(limits: Limits, _until: datetime | None) -> tuple[Attribute, ...]:
    return (*timers(limits), *speeds(limits))
