"""Grace: a short visit in which the message of a code can come, and its end when the full visit begins."""

from __future__ import annotations

import secrets

from sqlalchemy import func, select

from captive_portal.flow import Flow
from captive_portal.portal import Portal
from captive_portal.visit import Progress, Visit, find
from hotspot.mac import Mac
from hotspot.nas import NAS_KINDS
from hotspot.policy import GRACE, offers
from hotspot.sites import Nas, Policy
from hotspot.tables import grants
from hotspot.wishes import Act, wish

A_DAY = 2  # for one phone: more would be internet in small bites
WITHIN = "within-grace"  # among a flow's keys: the way on is the NAS's own entrance
_DAY = 86400
_MARK = "-grace"  # makes of a flow's id that of its grace, so that the full visit is another grant


def flow_id(flow: str) -> str:
    return flow + _MARK


def may_have(portal: Portal, nas: Nas, policy: Policy, mac: Mac) -> bool:
    """Where RADIUS can end it and the phone is known afterwards; and not for ever anew."""
    if (
        not offers(policy, GRACE)
        or not policy.per_client.remember
        or not NAS_KINDS[nas.kind].speaks_radius
        or nas.coa_port is None
    ):
        return False
    lately = (grants.c.mac == mac.digits, grants.c.way == GRACE, grants.c.minted_at > portal.now() - _DAY)
    with portal.store.reading() as connection:
        count = connection.execute(select(func.count()).select_from(grants).where(*lately)).scalar_one()
    return int(count) < A_DAY


def online(portal: Portal, nas: Nas, mac: Mac) -> Visit | None:
    """The phone's grace that goes on there now."""
    query = select(grants.c.id).where(grants.c.mac == mac.digits, grants.c.way == GRACE, grants.c.nas == nas.id)
    with portal.store.reading() as connection:
        newest = connection.execute(query.order_by(grants.c.minted_at.desc()).limit(1)).scalar()
        visit = find(connection, portal.sites, newest, portal.now()) if newest else None
    return visit if visit and visit.progress is Progress.ONLINE else None


def flow_within(portal: Portal, visit: Visit) -> Flow | None:
    """For typing a code in during the short visit. What the NAS asks at a login is unknown then: it is asked anew."""
    with portal.store.reading() as connection:
        mac = connection.execute(select(grants.c.mac).where(grants.c.id == visit.grant_id)).scalar()
    return Flow(secrets.token_hex(12), visit.nas, Mac(mac), "", {WITHIN: "1"}, int(portal.now())) if mac else None


def end(portal: Portal, visit: Visit) -> None:
    if visit.session is not None:
        with portal.store.writing() as connection:
            wish(connection, visit.session, Act.END, reason="proved", by="portal", now=portal.now())
