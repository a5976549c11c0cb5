"""Who is online now and what clients have used, asked of the store in one place for portal, RADIUS and office."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Connection, and_, bindparam, case, func, or_, select, union_all
from sqlalchemy import true as always

from hotspot import standing
from hotspot.allowance import Usage
from hotspot.among import among
from hotspot.clock import day_bounds, local_day
from hotspot.policy import Ask
from hotspot.session import BOOT_TOLERANCE, STALE_INTERIMS, STALE_SECONDS
from hotspot.sites import Sites
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


class Asking(NamedTuple):
    """Who wants to go online where: a MAC as twelve hex digits, and the client it comes as (hotspot/clients.py).

    ``device`` is the client that the MAC alone would be: a phone that is blocked stays so with a voucher.
    """

    site: str
    mac: str
    client: str | None
    way: str
    device: str | None = None
    device_day: str | None = None


class Presence:
    """What some clients have used, what stands for or against them and who is at their sites, looked up at once.

    By tap a client has one place: its session elsewhere, on another MAC too, is replaced by the new one.
    """

    def __init__(self, connection: Connection, sites: Sites, asking: Collection[Asking], now: float) -> None:
        clients = {one.client for one in asking if one.client}
        self._now = now
        self._used = used_since(connection, clients, day_bounds(local_day(now, sites.timezone), sites.timezone)[0])
        self._events = standing.events(connection, {one.site for one in asking}, now)
        self._blocks = standing.blocked(connection, clients | {one.device for one in asking if one.device}, now)
        with_codes = {one.client for one in asking if one.client and one.way == "voucher"}
        self._own = standing.own_of(connection, with_codes)
        self._here: Counter[str] = Counter()
        self._mine: Counter[tuple[str, str]] = Counter()
        self._online: defaultdict[str, set[str]] = defaultdict(set)
        self._look_round(connection, asking)

    def _look_round(self, connection: Connection, asking: Collection[Asking]) -> None:
        """How many are at these sites, and where these clients and MACs are."""
        when = {
            "sites": {one.site for one in asking},
            "macs": {one.mac for one in asking},
            "clients": {one.client for one in asking if one.client},
            "now": int(self._now),
        }
        for site, number in connection.execute(_HERE, when):
            self._here[site] += number
        for site, mac in connection.execute(_MINE, when):
            self._mine[site, mac] += 1
        for client, mac in connection.execute(_ONLINE, when):
            self._online[client].add(mac)

    def of(self, asking: Asking) -> Ask:
        """What the policy asks about one of them."""
        client = asking.client or ""
        return Ask(
            way=asking.way,
            at=self._now,
            used=self._used.get((client, asking.way), Usage()),
            clients_here=self._here[asking.site] - self._mine[asking.site, asking.mac],
            client_sessions=0 if asking.way == "tap" else len(self._online[client] - {asking.mac}),
            blocked=self._blocks.get(client) or self._blocks.get(asking.device or ""),
            own=self._own.get(client) if asking.way == "voucher" else None,
            events=self._events.get(asking.site, ()),
        )

    def expect(self, asking: Asking) -> None:
        """It was promised a place: the next ones count it."""
        self._here[asking.site] += 1
        self._mine[asking.site, asking.mac] += 1
        if asking.client:
            self._online[asking.client].add(asking.mac)

    def replaces(self, asking: Asking) -> bool:
        """By tap: is this client online on another MAC, whose sessions have to go?"""
        return asking.way == "tap" and bool(self._online[asking.client or ""] - {asking.mac})


def facts(connection: Connection, sites: Sites, asking: Asking, now: float) -> Ask:
    """What the policy asks about one client that wants to go online at a site."""
    return Presence(connection, sites, [asking], now).of(asking)


def used_since(
    connection: Connection, clients: Collection[str], began_at: int, ended_at: int | None = None
) -> dict[tuple[str, str], Usage]:
    """Seconds and octets by client and way of the sessions that began since then (and before ``ended_at``)."""
    if not clients:
        return {}
    until = began_at + 10 * 86400 if ended_at is None else ended_at
    when = {"clients": clients, "began_at": began_at, "ended_at": until}
    return {
        (client, way): Usage(int(seconds), int(octets))
        for client, way, seconds, octets in connection.execute(_USED, when)
    }


def used_today(connection: Connection, device_day: str | None) -> Usage:
    """Seconds and octets of all sessions that carry the day's token of a device, whichever client it came as."""
    if device_day is None:
        return Usage()
    seconds, octets = connection.execute(_OF_DEVICE, {"device_day": device_day}).one()
    return Usage(int(seconds or 0), int(octets or 0))


def used_on(connection: Connection, client: str | None, way: str | None, day: tuple[int, int]) -> Usage:
    """What one client used in the sessions that began between a day's bounds."""
    return used_since(connection, {client} if client else (), *day).get((client or "", way or "tap"), Usage())


def _not_ended(stopped_at: ColumnElement[Any] = sessions.c.stopped_at) -> ColumnElement[bool]:
    known = or_(sessions.c.gone_at.is_(None), sessions.c.last_seen_at > sessions.c.gone_at)
    return and_(stopped_at.is_(None), _not_rebooted(), known)


def _not_rebooted() -> ColumnElement[bool]:
    boot = nas_facts.c.boot_at
    before = and_(sessions.c.started_at + BOOT_TOLERANCE < boot, sessions.c.last_seen_at < boot)
    return case((boot.is_(None), True), (before, False), else_=True).is_(always())


def _is_awaited(reserved_at: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(reservations.c.started_at.is_(None), reserved_at > _NOW - RESERVED_SECONDS)


# Built once: making a statement anew costs more than asking the database.
_NOW = bindparam("now", type_=BigInteger)
_IS_FRESH = _NOW - sessions.c.last_seen_at <= FULL_INTERIMS * sessions.c.interim
_IS_AWAITED = _is_awaited(reservations.c.reserved_at)
# A sum is in no index: both databases would rather read all that is open in the town than look for some clients.
_IS_THEIRS = (_IS_FRESH, _not_ended(sessions.c.stopped_at + 0), sessions.c.mac.is_not(None))
_IS_COMING = _is_awaited(reservations.c.reserved_at + 0)
_JOINED = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas)
_HERE = union_all(
    select(sessions.c.site, func.count())
    .select_from(_JOINED)
    .where(among(sessions.c.site, "sites"), _IS_FRESH, _not_ended())
    .group_by(sessions.c.site),
    select(reservations.c.site, func.count())
    .where(among(reservations.c.site, "sites"), _IS_AWAITED)
    .group_by(reservations.c.site),
)
_MINE = union_all(
    select(sessions.c.site, sessions.c.mac).select_from(_JOINED).where(among(sessions.c.mac, "macs"), *_IS_THEIRS),
    select(reservations.c.site, reservations.c.mac).where(among(reservations.c.mac, "macs"), _IS_COMING),
)
_ONLINE = union_all(
    select(sessions.c.client, sessions.c.mac)
    .select_from(_JOINED)
    .where(among(sessions.c.client, "clients"), *_IS_THEIRS),
    select(reservations.c.client, reservations.c.mac).where(among(reservations.c.client, "clients"), _IS_COMING),
)
_WAY = func.coalesce(sessions.c.way, "tap")
_USED = (
    select(
        sessions.c.client,
        _WAY,
        func.sum(sessions.c.seconds),
        func.sum(sessions.c.input_octets + sessions.c.output_octets),
    )
    .where(
        among(sessions.c.client, "clients"),
        sessions.c.started_at >= bindparam("began_at", type_=BigInteger),
        sessions.c.started_at < bindparam("ended_at", type_=BigInteger),
    )
    .group_by(sessions.c.client, _WAY)
)
_OF_DEVICE = select(func.sum(sessions.c.seconds), func.sum(sessions.c.input_octets + sessions.c.output_octets)).where(
    sessions.c.device_day == bindparam("device_day")
)
