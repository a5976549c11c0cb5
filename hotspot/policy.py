"""May this client go online here and now, and with which limits? One pure answer for the portal and for RADIUS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from hotspot.allowance import Limits, Own, Usage, left, limits
from hotspot.clock import day_bounds, local_day
from hotspot.doors import Event, doors, policy_at
from hotspot.sites.model import Policy, Site, Sites

GRACE = "grace"  # the way of a short visit in which a message can come
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
    BLOCKED = "blocked"
    CODE_ELSEWHERE = "code-elsewhere"
    CODE_EXPIRED = "code-expired"


@dataclass(frozen=True)
class Block:
    """The office keeps a client out; ``until`` None is until it is lifted."""

    until: int | None = None


@dataclass(frozen=True)
class Ask:
    """Everything the decision looks at. Octets and seconds are those of the client's local day.

    ``clients_here`` counts sessions open at the site and seen within two interims, without this MAC's own;
    ``client_sessions`` counts the other MACs that are online, anywhere, as this client; by tap it is 0, because the
    new session replaces them. ``own`` is a voucher's allowance, ``events`` are the site's in the calendar.
    """

    way: str
    at: float
    used: Usage
    clients_here: int
    client_sessions: int
    blocked: Block | None = None
    own: Own | None = None
    events: Sequence[Event] = ()


@dataclass(frozen=True)
class Allow:
    limits: Limits


@dataclass(frozen=True)
class Refuse:
    """``until`` is when it is worth trying again, in UTC seconds, where that is known."""

    reason: Reason
    until: int | None = None


def answer(sites: Sites, site: Site, ask: Ask) -> Allow | Refuse:
    """:func:`decide` by the policy that stands now."""
    return decide(site, policy_now(sites, site, ask.events, ask.at), sites.timezone, ask)


def policy_now(sites: Sites, site: Site, events: Sequence[Event], at: float) -> Policy:
    """The site's, or the one that an event has put in its place; one that sites.yaml has no more changes nothing."""
    return sites.policies.get(policy_at(events, at) or "") or sites.policy_of(site)


def decide(site: Site, policy: Policy, zone: ZoneInfo, ask: Ask) -> Allow | Refuse:
    """Check what cannot be changed first (block, way, hours), then what the visitor used, then who else is here."""
    if ask.blocked is not None:
        return Refuse(Reason.BLOCKED, ask.blocked.until)
    if not offers(policy, ask.way):
        return Refuse(Reason.WAY)
    if ask.own is not None and (fault := _fault_of(ask.own, site, ask.at)):
        return fault
    gates = doors(site.hours.daily, ask.events, ask.at, zone)
    if not gates.are_open:
        return Refuse(Reason.CLOSED, gates.until)
    allowance = left(policy, ask.used, ask.own)
    if allowance.seconds < SHORTEST_VISIT:
        return Refuse(Reason.TIME_USED, _renewed(ask, zone, ask.own is None or ask.own.seconds is None))
    if allowance.octets <= 0 and not allowance.slowed:
        return Refuse(Reason.DATA_USED, _renewed(ask, zone, ask.own is None or ask.own.octets is None))
    if ask.client_sessions >= (policy.per_client.devices if ask.own is None else ask.own.devices):
        return Refuse(Reason.DEVICES)
    if ask.clients_here >= site.capacity:
        return Refuse(Reason.FULL)
    ends_at = gates.until if ask.own is None else min(gates.until, ask.own.ends_at)
    if ask.way == GRACE and policy.grace is not None:
        ends_at = min(ends_at, int(ask.at) + policy.grace)
    return Allow(limits(policy, allowance, max(SHORTEST_VISIT, ends_at - int(ask.at)), ask.own))


def offers(policy: Policy, way: str) -> bool:
    """Grace goes with the ways by message, where the policy has it."""
    if way == GRACE:
        return policy.grace is not None and not {"otp", "reverse-otp"}.isdisjoint(policy.ways)
    return way in policy.ways


def _fault_of(own: Own, site: Site, at: float) -> Refuse | None:
    """A voucher that was taken back, is good elsewhere, or is not good now."""
    if own.revoked or at >= own.ends_at:
        return Refuse(Reason.CODE_EXPIRED)
    if own.site not in (None, site.id):
        return Refuse(Reason.CODE_ELSEWHERE)
    return Refuse(Reason.CODE_EXPIRED, own.begins_at) if at < own.begins_at else None


def _renewed(ask: Ask, zone: ZoneInfo, by_day: bool) -> int | None:
    """A day's allowance begins anew at midnight, a voucher's own never."""
    return next_day(ask.at, zone) if by_day else None


def next_day(at: float, zone: ZoneInfo) -> int:
    """UTC seconds of the next local midnight, when a day's allowance begins anew."""
    return day_bounds(local_day(at, zone), zone)[1]
