"""May this client go online here and now, and with which limits? One pure answer for the portal and for RADIUS."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from hotspot.allowance import Limits, Usage, left, limits
from hotspot.clock import day_bounds, local_day
from hotspot.sites.model import Policy, Site

SHORTEST_VISIT = 60  # seconds; a NAS that is told less may read it as nothing or as no limit


class Reason(StrEnum):
    """Why a client is refused; the word is a metric label and the key of the visitor's text."""

    CLOSED = "closed"
    FULL = "full"
    TIME_USED = "time-used"
    DATA_USED = "data-used"
    DEVICES = "devices"
    WAY = "way"
    GRANT_UNKNOWN = "grant-unknown"
    GRANT_EXPIRED = "grant-expired"
    GRANT_ELSEWHERE = "grant-elsewhere"
    PASSWORD = "password"  # noqa: S105 - a reason, not a password
    UNKNOWN_CLIENT = "unknown-client"
    BUSY = "busy"


@dataclass(frozen=True)
class Ask:
    """Everything the decision looks at. Octets and seconds are those of the client's local day.

    ``clients_here`` counts sessions open at the site and seen within two interims, without this client's own;
    ``client_sessions`` counts this identity's other open sessions, at any site; by tap it is 0, because
    a session of the same MAC is replaced by the new one.
    """

    way: str
    at: float
    used: Usage
    clients_here: int
    client_sessions: int


@dataclass(frozen=True)
class Allow:
    limits: Limits


@dataclass(frozen=True)
class Refuse:
    """``until`` is when it is worth trying again, in UTC seconds, where that is known."""

    reason: Reason
    until: int | None = None


def decide(site: Site, policy: Policy, zone: ZoneInfo, ask: Ask) -> Allow | Refuse:
    """Check what cannot be changed first (way, hours), then what the visitor used, then who else is here."""
    if ask.way not in policy.ways:
        return Refuse(Reason.WAY)
    hours = site.hours.daily
    if not hours.is_open(ask.at, zone):
        return Refuse(Reason.CLOSED, hours.opens_after(ask.at, zone))
    allowance = left(policy, ask.used)
    if allowance.seconds < SHORTEST_VISIT:
        return Refuse(Reason.TIME_USED, next_day(ask.at, zone))
    if allowance.octets <= 0 and not allowance.slowed:
        return Refuse(Reason.DATA_USED, next_day(ask.at, zone))
    if ask.client_sessions >= policy.per_client.devices:
        return Refuse(Reason.DEVICES)
    if ask.clients_here >= site.capacity:
        return Refuse(Reason.FULL)
    seconds_open = max(SHORTEST_VISIT, hours.closes_after(ask.at, zone) - int(ask.at))
    return Allow(limits(policy, allowance, seconds_open))


def next_day(at: float, zone: ZoneInfo) -> int:
    """UTC seconds of the next local midnight, when a day's allowance begins anew."""
    return day_bounds(local_day(at, zone), zone)[1]
