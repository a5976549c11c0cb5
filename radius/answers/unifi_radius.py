"""UniFi's controller with RADIUS at its hotspot: it documents one attribute of an Accept, Session-Timeout."""

from __future__ import annotations

from datetime import datetime

from hotspot.allowance import Limits
from hotspot.wire import Attribute
from radius.answers.usual import session_timeout


def attributes(limits: Limits, _until: datetime | None) -> tuple[Attribute, ...]:
    return (session_timeout(limits),)
