"""A grant becomes a promise: its rules, the policy asked again, and the reservation written before any Accept."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, bindparam, func, insert, select

from hotspot.grants import KEEP_AFTER_START
from hotspot.policy import Reason, Refuse, decide
from hotspot.presence import Asking, Presence
from hotspot.sites import Sites
from hotspot.tables import grants, reservations
from radius.login import Accepted, Login, Refused
from radius.pseudonyms import Pseudonyms

_LOCKS = 3307 << 32  # a room of its own among the advisory locks of PostgreSQL

_GRANTS = (
    select(
        grants.c.id,
        grants.c.nas,
        grants.c.mac,
        grants.c.way,
        grants.c.expires_at,
        reservations.c.class_token,
        reservations.c.started_at,
        reservations.c.ends_at,
    )
    .outerjoin_from(grants, reservations, reservations.c.grant_id == grants.c.id)
    .where(grants.c.id.in_(bindparam("ids", expanding=True)))
)
_RESERVE = insert(reservations)


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


@dataclass(slots=True)
class _Sitting:
    """What is known while one batch is decided, one login after the other: each sees the promises before it."""

    grants: dict[str, Known]
    presence: Presence
    now: float
    promised: list[dict[str, Any]] = field(default_factory=list)

    def promise(self, login: Login, accepted: Accepted, asking: Asking) -> None:
        row = _reservation(login, accepted, asking.device_day, int(self.now))
        known = self.grants[login.grant_id]
        self.grants[login.grant_id] = replace(known, class_token=row["class_token"], ends_at=row["ends_at"])
        self.presence.expect(asking)
        self.promised.append(row)


class Redemption:
    """Decides logins inside the caller's transaction, a batch at a time."""

    def __init__(self, sites: Sites, pseudonyms: Pseudonyms) -> None:
        self._sites = sites
        self._pseudonyms = pseudonyms

    def redeem(self, connection: Connection, logins: Sequence[Login], now: float) -> list[Accepted | Refused]:
        """An outcome for each, in their order; the books are asked once for all of them."""
        if not logins:
            return []
        _take_turns(connection, {login.site for login in logins})
        found = _grants(connection, {login.grant_id for login in logins})
        asking = [
            self._asking(login, found[login.grant_id], now) if login.grant_id in found else None for login in logins
        ]
        sitting = _Sitting(found, Presence(connection, [one for one in asking if one is not None], now), now)
        outcomes = [self._redeem_one(sitting, login, one) for login, one in zip(logins, asking, strict=True)]
        if sitting.promised:
            connection.execute(_RESERVE, sitting.promised)
        return outcomes

    def _asking(self, login: Login, grant: Known, now: float) -> Asking:
        return Asking(login.site, login.mac.digits, self._pseudonyms.device_day(login.mac, now), grant.way)

    def _redeem_one(self, sitting: _Sitting, login: Login, asking: Asking | None) -> Accepted | Refused:
        if asking is None:
            return Refused(Reason.GRANT_UNKNOWN)
        grant, now = sitting.grants[login.grant_id], sitting.now
        if fault := grant_fault(grant, login, now):
            return Refused(fault, grant.way)
        site = self._sites.site[login.site]
        answer = decide(site, self._sites.policy_of(site), self._sites.timezone, sitting.presence.of(asking))
        if isinstance(answer, Refuse):
            return Refused(answer.reason, grant.way)
        if grant.class_token is not None and grant.ends_at is not None:  # asked again: the promise ends when it did
            left = min(answer.limits.seconds, grant.ends_at - int(now))
            limits = replace(answer.limits, seconds=left)
            return Accepted(limits, grant.class_token, grant.way, self._wall_clock(now + left))
        until = self._wall_clock(now + answer.limits.seconds)
        accepted = Accepted(answer.limits, "hs1:" + secrets.token_hex(16), grant.way, until)
        sitting.promise(login, accepted, asking)
        return accepted

    def _wall_clock(self, at: float) -> datetime:
        return datetime.fromtimestamp(int(at), self._sites.timezone)


def _take_turns(connection: Connection, sites: Iterable[str]) -> None:
    """Of several processes one decides for a site at a time, or both would give away its last place.

    SQLite has one writer anyway. The locks end with the transaction, and are taken in one order by everybody.
    """
    if connection.dialect.name != "sqlite":
        keys = sorted({_LOCKS + crc32(site.encode()) for site in sites})
        connection.execute(select(*(func.pg_advisory_xact_lock(key) for key in keys)))


def _grants(connection: Connection, ids: Iterable[str]) -> dict[str, Known]:
    return {row[0]: Known(*row[1:]) for row in connection.execute(_GRANTS, {"ids": sorted(ids)})}


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
