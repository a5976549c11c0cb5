"""hostapd: time and interim; it limits neither speed nor data, and idle clients it sees itself.

Without Termination-Action the client is cut when its time is over (RFC 2865 section 5.29).
"""

from __future__ import annotations

from datetime import datetime

from hotspot.allowance import Limits
from hotspot.wire import Attribute
from radius.answers.usual import interim_interval, session_timeout


def attributes(limits: Limits, _until: datetime | None) -> tuple[Attribute, ...]:
    return session_timeout(limits), interim_interval(limits)
