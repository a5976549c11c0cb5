"""A grant becomes a promise: its rules, the policy asked again, and the reservation written before any Accept."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, func, insert, select

from hotspot import presence
from hotspot.grants import KEEP_AFTER_START
from hotspot.policy import Reason, Refuse, decide
from hotspot.sites import Sites
from hotspot.tables import grants, reservations
from radius.login import Accepted, Login, Refused
from radius.pseudonyms import Pseudonyms

_LOCKS = 3307 << 32  # a room of its own among the advisory locks of PostgreSQL

_GRANT = select(
    grants.c.nas,
    grants.c.mac,
    grants.c.way,
    grants.c.expires_at,
    reservations.c.class_token,
    reservations.c.started_at,
    reservations.c.ends_at,
).outerjoin_from(grants, reservations, reservations.c.grant_id == grants.c.id)


@dataclass(frozen=True, slots=True)
class Known:
    """A grant and, once redeemed, its reservation."""

    nas: str
    mac: str
    way: str
    expires_at: int
    class_token: str | None
    started_at: int | None
    ends_at: int | None


class Redemption:
    """Decides logins inside the caller's transaction, one after the other: each sees the promises before it."""

    def __init__(self, sites: Sites, pseudonyms: Pseudonyms) -> None:
        self._sites = sites
        self._pseudonyms = pseudonyms

    @staticmethod
    def take_turns(connection: Connection, sites: Iterable[str]) -> None:
        """Of several processes one decides for a site at a time, or both would give away its last place.

        SQLite has one writer anyway. The locks end with the transaction, and are taken in one order by everybody.
        """
        if connection.dialect.name != "sqlite":
            for key in sorted({_LOCKS + crc32(site.encode()) for site in sites}):
                connection.execute(select(func.pg_advisory_xact_lock(key)))

    def redeem(self, connection: Connection, login: Login, now: float) -> Accepted | Refused:
        row = connection.execute(_GRANT.where(grants.c.id == login.grant_id)).one_or_none()
        if row is None:
            return Refused(Reason.GRANT_UNKNOWN)
        grant = Known(*row)
        if fault := grant_fault(grant, login, now):
            return Refused(fault, grant.way)
        return self._promise(connection, login, grant, now)

    def _promise(self, connection: Connection, login: Login, grant: Known, now: float) -> Accepted | Refused:
        site = self._sites.site[login.site]
        device_day = self._pseudonyms.device_day(login.mac, now)
        ask = presence.facts(
            connection, site=site.id, mac=login.mac.digits, device_day=device_day, way=grant.way, now=now
        )
        answer = decide(site, self._sites.policy_of(site), self._sites.timezone, ask)
        if isinstance(answer, Refuse):
            return Refused(answer.reason, grant.way)
        if grant.class_token is not None and grant.ends_at is not None:  # asked again: the promise ends when it did
            left = min(answer.limits.seconds, grant.ends_at - int(now))
            limits = replace(answer.limits, seconds=left)
            return Accepted(limits, grant.class_token, grant.way, self._wall_clock(now + left))
        until = self._wall_clock(now + answer.limits.seconds)
        accepted = Accepted(answer.limits, "hs1:" + secrets.token_hex(16), grant.way, until)
        connection.execute(insert(reservations), _reservation(login, accepted, device_day, int(now)))
        return accepted

    def _wall_clock(self, at: float) -> datetime:
        return datetime.fromtimestamp(int(at), self._sites.timezone)


def grant_fault(grant: Known, login: Login, now: float) -> Reason | None:
    """A grant serves one client at one NAS; again only until it expires or, once used, a minute after the Start."""
    if (grant.nas, grant.mac) != (login.nas, login.mac.digits):
        return Reason.GRANT_ELSEWHERE
    last = grant.expires_at if grant.started_at is None else grant.started_at + KEEP_AFTER_START
    promised_out = grant.ends_at is not None and grant.ends_at <= now
    return Reason.GRANT_EXPIRED if now > last or promised_out else None


def _reservation(login: Login, accepted: Accepted, device_day: str | None, now: int) -> dict[str, Any]:
    return {
        "class_token": accepted.class_token,
        "grant_id": login.grant_id,
        "nas": login.nas,
        "site": login.site,
        "mac": login.mac.digits,
        "way": accepted.way,
        "device_day": device_day,
        "reserved_at": now,
        "ends_at": now + accepted.limits.seconds,
        "interim": accepted.limits.interim,
        "started_at": None,
    }
