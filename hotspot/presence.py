"""Who is online now and what a client has used today, asked of the store in one place for portal, RADIUS and office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Connection, and_, bindparam, case, func, or_, select
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


@dataclass(frozen=True, slots=True)
class Asking:
    """Who wants to go online where: a MAC as twelve hex digits, and its device's token of the day."""

    site: str
    mac: str
    device_day: str | None
    way: str


class Presence:
    """What some clients have used and who is at their sites, looked up for all of them at once.

    By tap, limits count per MAC: a session of the same MAC elsewhere is this client's own, which the new one replaces.
    """

    def __init__(self, connection: Connection, asking: Collection[Asking], now: float) -> None:
        sites, macs = sorted({one.site for one in asking}), sorted({one.mac for one in asking})
        when = {"sites": sites, "macs": macs, "now": int(now)}
        self._now = now
        self._used = _used(connection, {one.device_day for one in asking if one.device_day})
        self._here: Counter[str] = Counter()
        self._own: Counter[tuple[str, str]] = Counter()
        for here, own in ((_SEEN, _SEEN_OF), (_EXPECTED, _EXPECTED_OF)):
            self._here.update({row[0]: row[1] for row in connection.execute(here, when)})
            self._own.update({(row[0], row[1]): row[2] for row in connection.execute(own, when)})

    def of(self, asking: Asking) -> Ask:
        """What the policy asks about one of them."""
        return Ask(
            way=asking.way,
            at=self._now,
            used=self._used.get(asking.device_day or "", Usage()),
            clients_here=self._here[asking.site] - self._own[asking.site, asking.mac],
            client_sessions=0,
        )

    def expect(self, asking: Asking) -> None:
        """It was promised a place: the next ones count it."""
        self._here[asking.site] += 1
        self._own[asking.site, asking.mac] += 1


def facts(connection: Connection, *, site: str, mac: str, device_day: str | None, way: str, now: float) -> Ask:
    """What the policy asks about one client that wants to go online at a site."""
    asking = Asking(site, mac, device_day, way)
    return Presence(connection, [asking], now).of(asking)


def used_today(connection: Connection, device_day: str | None) -> Usage:
    """Seconds and octets of all sessions that carry the day's token of a device."""
    return _used(connection, {device_day}).get(device_day, Usage()) if device_day else Usage()


def _used(connection: Connection, device_days: Collection[str]) -> dict[str, Usage]:
    if not device_days:
        return {}
    found = connection.execute(_USED, {"days": sorted(device_days)})
    return {day: Usage(int(seconds), int(octets)) for day, seconds, octets in found}


def _not_ended() -> ColumnElement[bool]:
    known = or_(sessions.c.gone_at.is_(None), sessions.c.last_seen_at > sessions.c.gone_at)
    return and_(sessions.c.stopped_at.is_(None), _not_rebooted(), known)


def _not_rebooted() -> ColumnElement[bool]:
    boot = nas_facts.c.boot_at
    before = and_(sessions.c.started_at + BOOT_TOLERANCE < boot, sessions.c.last_seen_at < boot)
    return case((boot.is_(None), True), (before, False), else_=True).is_(always())


# Built once: making a statement anew costs more than asking the database.
_NOW = bindparam("now", type_=BigInteger)
_AT_SITES = sessions.c.site.in_(bindparam("sites", expanding=True))
_IS_SEEN = and_(_NOW - sessions.c.last_seen_at <= FULL_INTERIMS * sessions.c.interim, _not_ended())
_IS_EXPECTED = and_(
    reservations.c.site.in_(bindparam("sites", expanding=True)),
    reservations.c.started_at.is_(None),
    reservations.c.reserved_at > _NOW - RESERVED_SECONDS,
)
_OF_THEM: BindParameter[str] = bindparam("macs", expanding=True)
_JOINED = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas)
_SEEN = select(sessions.c.site, func.count()).select_from(_JOINED).where(_AT_SITES, _IS_SEEN).group_by(sessions.c.site)
_SEEN_OF = (
    select(sessions.c.site, sessions.c.mac, func.count())
    .select_from(_JOINED)
    .where(_AT_SITES, _IS_SEEN, sessions.c.mac.in_(_OF_THEM))
    .group_by(sessions.c.site, sessions.c.mac)
)
_EXPECTED = select(reservations.c.site, func.count()).where(_IS_EXPECTED).group_by(reservations.c.site)
_EXPECTED_OF = (
    select(reservations.c.site, reservations.c.mac, func.count())
    .where(_IS_EXPECTED, reservations.c.mac.in_(_OF_THEM))
    .group_by(reservations.c.site, reservations.c.mac)
)
_USED = (
    select(
        sessions.c.device_day,
        func.sum(sessions.c.seconds),
        func.sum(sessions.c.input_octets + sessions.c.output_octets),
    )
    .where(sessions.c.device_day.in_(bindparam("days", expanding=True)))
    .group_by(sessions.c.device_day)
)
