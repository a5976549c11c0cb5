"""A login becomes a promise: its rules, the policy asked again, and the reservation written before any Accept."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Connection, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from hotspot.mac import Mac
from hotspot.policy import Reason, Refuse, answer
from hotspot.presence import Asking, Presence
from hotspot.sites import Sites
from hotspot.tables import reservations, sessions
from hotspot.wishes import Act, wish
from radius.bulk import insert_rows
from radius.footing import Key, Known, fault, key_of, known
from radius.login import Accepted, Login, Refused
from radius.pseudonyms import Pseudonyms
from radius.refusals import Refusal, Refusals

_SITE_LOCKS, _CLIENT_LOCKS = 3307 << 32, 3308 << 32  # rooms of their own among PostgreSQL's advisory locks
_RESERVED = (
    "class_token", "grant_id", "nas", "site", "mac", "client", "way", "device_day", "reserved_at", "ends_at", "interim"
)  # fmt: skip
_TAKE_TURNS = select(func.pg_advisory_xact_lock(func.unnest(bindparam("keys", type_=ARRAY(BigInteger)))))


@dataclass(slots=True)
class _Sitting:
    """What is known while one batch is decided, one login after the other: each sees the promises before it."""

    footing: dict[Key, Known]
    presence: Presence
    now: float
    tokens: Iterator[str]
    promised: list[tuple[Any, ...]] = field(default_factory=list)
    replacing: list[Asking] = field(default_factory=list)

    def promise(self, login: Login, accepted: Accepted, asking: Asking) -> None:
        now, key = int(self.now), key_of(login)
        token, ends_at = accepted.class_token, now + accepted.limits.seconds
        self.footing[key] = self.footing[key]._replace(class_token=token, ends_at=ends_at)
        whose = (
            login.grant_id,
            login.nas,
            login.site,
            login.mac.digits,
            asking.client,
            accepted.way,
            asking.device_day,
        )
        self.promised.append((token, *whose, now, ends_at, accepted.limits.interim))
        if self.presence.replaces(asking):
            self.replacing.append(asking)
        self.presence.expect(asking)


class Redemption:
    """Decides logins inside the caller's transaction, a batch at a time."""

    def __init__(self, sites: Sites, pseudonyms: Pseudonyms) -> None:
        self._sites = sites
        self._pseudonyms = pseudonyms
        self._refusals = Refusals()

    def redeem(
        self, connection: Connection, logins: Sequence[Login], now: float, seen: Sequence[Refusal] = ()
    ) -> list[Accepted | Refused]:
        """An outcome for each, in their order, all written down with those that were ``seen`` to be refusals before."""
        outcomes = self._decide(connection, logins, now) if logins else []
        self._refusals.note(connection, list(zip(logins, outcomes, strict=True)), seen, now, self._sites.timezone)
        return outcomes

    def _decide(self, connection: Connection, logins: Sequence[Login], now: float) -> list[Accepted | Refused]:
        """The books are asked once for all of them."""
        _take_turns(connection, _SITE_LOCKS, {login.site for login in logins})
        found = known(connection, logins, self._pseudonyms, now)
        _take_turns(
            connection, _CLIENT_LOCKS, {one.client for one in found.values() if one.client and one.way != "tap"}
        )
        device_day = self._pseudonyms.device_days(now)
        asking = [self._asking(login, found.get(key_of(login)), device_day) for login in logins]
        present = Presence(connection, self._sites, [one for one in asking if one is not None], now)
        sitting = _Sitting(found, present, now, _tokens(len(logins)))
        outcomes = [self._redeem_one(sitting, login, one) for login, one in zip(logins, asking, strict=True)]
        insert_rows(connection, reservations, _RESERVED, sitting.promised)
        for one in sitting.replacing:
            _replace(connection, one, now)
        return outcomes

    def _asking(self, login: Login, footing: Known | None, device_day: Callable[[Mac], str | None]) -> Asking | None:
        if footing is None:
            return None
        device = self._pseudonyms.client(login.mac)
        return Asking(
            site=login.site,
            mac=login.mac.digits,
            client=footing.client or device,
            way=footing.way,
            device=device,
            device_day=device_day(login.mac),
        )

    def _redeem_one(self, sitting: _Sitting, login: Login, asking: Asking | None) -> Accepted | Refused:
        if asking is None:
            unknown = Reason.UNKNOWN_CLIENT if login.grant_id is None else Reason.GRANT_UNKNOWN
            return Refused(unknown, None, login.mac.digits, None, login.grant_id)
        footing, now, zone = sitting.footing[key_of(login)], sitting.now, self._sites.timezone
        whose = (footing.way, login.mac.digits, asking.client, login.grant_id)
        if reason := fault(footing, login, now):
            return Refused(reason, *whose)
        decided = answer(self._sites, self._sites.site[login.site], sitting.presence.of(asking))
        if isinstance(decided, Refuse):
            return Refused(decided.reason, *whose)
        if footing.class_token is not None and footing.ends_at is not None:  # asked again: it ends when it did
            left = min(decided.limits.seconds, footing.ends_at - int(now))
            limits = replace(decided.limits, seconds=left)
            return Accepted(limits, footing.class_token, footing.way, _wall_clock(int(now) + left, zone))
        until = _wall_clock(int(now) + decided.limits.seconds, zone)
        accepted = Accepted(decided.limits, next(sitting.tokens), footing.way, until)
        sitting.promise(login, accepted, asking)
        return accepted


@lru_cache(maxsize=256)
def _wall_clock(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at, zone)


def _tokens(count: int) -> Iterator[str]:
    """So many words for Class, with 128 random bits each: the kernel is asked once."""
    digits = secrets.token_hex(16 * count)
    return ("hs1:" + digits[at : at + 32] for at in range(0, len(digits), 32))


def _take_turns(connection: Connection, room: int, words: Iterable[str]) -> None:
    """Of several processes one decides for a site, and for a client that may bring several phones, at a time.

    Else both would give away the last place. SQLite has one writer anyway. The locks end with the transaction, and are
    taken in one order by everybody: sites first.
    """
    keys = sorted({room + crc32(word.encode()) for word in words})
    if keys and connection.dialect.name != "sqlite":
        connection.execute(_TAKE_TURNS, {"keys": keys})


def _replace(connection: Connection, asking: Asking, now: float) -> None:
    """By tap a client has one place: what runs on its other MACs is to end."""
    others = select(sessions.c.id).where(
        sessions.c.client == asking.client, sessions.c.mac != asking.mac, sessions.c.stopped_at.is_(None)
    )
    for session in connection.execute(others).scalars().all():
        wish(connection, session, Act.END, reason="replaced", by="radius", now=now)
