"""The limits that nearly every NAS takes by RADIUS' own attributes."""

from __future__ import annotations

from hotspot.allowance import Limits
from hotspot.wire import Attr, Attribute, integer

SHORTEST_INTERIM = 60  # less is forbidden (RFC 2869 section 5.16)


def session_timeout(limits: Limits) -> Attribute:
    return integer(Attr.SESSION_TIMEOUT, limits.seconds)


def interim_interval(limits: Limits) -> Attribute:
    return integer(Attr.ACCT_INTERIM_INTERVAL, max(SHORTEST_INTERIM, limits.interim))


def timers(limits: Limits) -> tuple[Attribute, ...]:
    return session_timeout(limits), integer(Attr.IDLE_TIMEOUT, limits.idle), interim_interval(limits)
