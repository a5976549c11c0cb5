"""Who is online now and what a client has used today, asked of the store in one place for portal, RADIUS and office."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select
from sqlalchemy import true as always

from hotspot.allowance import Usage
from hotspot.policy import Ask
from hotspot.session import BOOT_TOLERANCE, STALE_INTERIMS, STALE_SECONDS
from hotspot.tables import nas_facts, reservations, sessions

FULL_INTERIMS = 2  # a site is full of sessions that were seen within two interims
RESERVED_SECONDS = 60  # an Accept without a Start holds its place for so long


def is_open(now: float) -> ColumnElement[bool]:
    """hotspot.session.state(...) is OPEN, as SQL over ``sessions`` outer-joined with ``nas_facts``."""
    patience = STALE_INTERIMS * sessions.c.interim
    limit = case((patience > STALE_SECONDS, patience), else_=STALE_SECONDS)
    return and_(_not_ended(), int(now) - sessions.c.last_seen_at <= limit)


def clients_by_site(connection: Connection, now: float) -> dict[str, int]:
    """Open sessions of each site that has any."""
    joined = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas)
    query = select(sessions.c.site, func.count()).select_from(joined).where(is_open(now)).group_by(sessions.c.site)
    return {row[0]: row[1] for row in connection.execute(query)}


def facts(connection: Connection, *, site: str, mac: str, device_day: str | None, way: str, now: float) -> Ask:
    """What the policy asks about a client (twelve hex digits) that wants to go online at a site.

    By tap, limits count per MAC: a session of the same MAC elsewhere is this client's own, which the new one replaces.
    """
    return Ask(
        way=way,
        at=now,
        used=used_today(connection, device_day),
        clients_here=_others_seen(connection, site, mac, now) + _others_expected(connection, site, mac, now),
        client_sessions=0,
    )


def used_today(connection: Connection, device_day: str | None) -> Usage:
    """Seconds and octets of all sessions that carry the day's token of a device."""
    if device_day is None:
        return Usage()
    octets = func.sum(sessions.c.input_octets + sessions.c.output_octets)
    query = select(func.sum(sessions.c.seconds), octets).where(sessions.c.device_day == device_day)
    seconds, used = connection.execute(query).one()
    return Usage(int(seconds or 0), int(used or 0))


def _others_seen(connection: Connection, site: str, mac: str, now: float) -> int:
    joined = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas)
    recent = int(now) - sessions.c.last_seen_at <= FULL_INTERIMS * sessions.c.interim
    others = or_(sessions.c.mac.is_(None), sessions.c.mac != mac)
    query = select(func.count()).select_from(joined).where(sessions.c.site == site, _not_ended(), recent, others)
    return int(connection.execute(query).scalar_one())


def _others_expected(connection: Connection, site: str, mac: str, now: float) -> int:
    query = select(func.count()).where(
        reservations.c.site == site,
        reservations.c.started_at.is_(None),
        reservations.c.reserved_at > int(now) - RESERVED_SECONDS,
        reservations.c.mac != mac,
    )
    return int(connection.execute(query).scalar_one())


def _not_ended() -> ColumnElement[bool]:
    known = or_(sessions.c.gone_at.is_(None), sessions.c.last_seen_at > sessions.c.gone_at)
    return and_(sessions.c.stopped_at.is_(None), _not_rebooted(), known)


def _not_rebooted() -> ColumnElement[bool]:
    boot = nas_facts.c.boot_at
    before = and_(sessions.c.started_at + BOOT_TOLERANCE < boot, sessions.c.last_seen_at < boot)
    return case((boot.is_(None), True), (before, False), else_=True).is_(always())
