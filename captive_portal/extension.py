"""Staying longer with one tap: whether there is more to have (pure), and the wish that RADIUS carries out."""

from __future__ import annotations

from dataclasses import dataclass

from captive_portal.visit import Progress, Visit
from hotspot.doors import doors
from hotspot.nas import NAS_KINDS
from hotspot.policy import GRACE, SHORTEST_VISIT, Reason, Refuse, next_day, policy_now
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.wishes import EXTEND, Act, wish

WORTH = 300  # seconds; for less nobody is asked to tap


@dataclass(frozen=True)
class Extension:
    """``seconds`` from now, at most."""

    seconds: int


def more_time(sites: Sites, visit: Visit, now: float) -> Extension | Refuse | None:
    """None where nothing is to be asked: not online, no session that a NAS could be told of, or nothing worth it."""
    tellable = NAS_KINDS[sites.nas[visit.nas].kind].extends and sites.nas[visit.nas].coa_port is not None
    if (
        visit.progress is not Progress.ONLINE
        or visit.way == GRACE
        or visit.session is None
        or visit.until is None
        or not tellable
    ):
        return None
    site = sites.site[visit.site]
    allowance = visit.allowance
    gates = doors(site.hours.daily, visit.events, now, sites.timezone)
    if not gates.are_open:
        return Refuse(Reason.CLOSED, gates.until)
    left_today = allowance.seconds if allowance else 0
    if left_today < SHORTEST_VISIT:
        return Refuse(Reason.TIME_USED, next_day(now, sites.timezone))
    most = min(policy_now(sites, site, visit.events, now).visit.time, left_today, gates.until - int(now))
    return Extension(most) if now + most >= visit.until + WORTH else None


def extend(store: Store, visit: Visit, now: float) -> None:
    if visit.session is not None:
        with store.writing() as connection:
            wish(connection, visit.session, Act.LIMIT, reason=EXTEND, by="portal", now=now)
