"""Who is logged in: a random token in the cookie, its hash in the store, an end after twelve hours or two idle ones."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from hotspot.tables import staff_sessions
from office.accounts import Account

LASTS = 12 * 3600  # seconds from the login, however busy
IDLE = 2 * 3600  # without anything that a person did
_NOTED = 60  # how old the last sign of a person may be in the store


@dataclass(frozen=True)
class StaffSession:
    """One login of one person in one browser."""

    hash: str
    name: str
    began_at: int
    seen_at: int
    ends_at: int
    ended_at: int | None


def holds(session: StaffSession | None, account: Account | None, at: float) -> bool:
    """Whether a login is still good: not ended, not over, not idle too long, its account not disabled (pure)."""
    return (
        session is not None
        and account is not None
        and not account.disabled
        and session.ended_at is None
        and session.began_at <= at < session.ends_at
        and at < session.seen_at + IDLE
    )


def begin(connection: Connection, name: str, now: float) -> str:
    """The token for the cookie; it is in no other place."""
    token = secrets.token_urlsafe(32)
    row = {"hash": _hash(token), "name": name, "began_at": int(now), "seen_at": int(now), "ends_at": int(now) + LASTS}
    connection.execute(insert(staff_sessions), row)
    return token


def find(connection: Connection, token: str) -> StaffSession | None:
    row = connection.execute(select(staff_sessions).where(staff_sessions.c.hash == _hash(token))).one_or_none()
    return None if row is None else StaffSession(*row)


def is_stale(session: StaffSession, at: float) -> bool:
    return at - session.seen_at >= _NOTED


def note(connection: Connection, session: StaffSession, now: float) -> None:
    """A person did something."""
    _change = update(staff_sessions).where(staff_sessions.c.hash == session.hash)
    connection.execute(_change.values(seen_at=int(now)))


def end(connection: Connection, token: str, now: float) -> None:
    here = staff_sessions.c.hash == _hash(token)
    connection.execute(
        update(staff_sessions).where(here, staff_sessions.c.ended_at.is_(None)).values(ended_at=int(now))
    )


def end_all(connection: Connection, name: str, now: float, but: str | None = None) -> int:
    """End every login of a person, or every other one than that with the token ``but``."""
    change = update(staff_sessions).where(staff_sessions.c.name == name, staff_sessions.c.ended_at.is_(None))
    if but is not None:
        change = change.where(staff_sessions.c.hash != _hash(but))
    return connection.execute(change.values(ended_at=int(now))).rowcount


def going_on(connection: Connection, name: str, now: float) -> list[StaffSession]:
    query = select(staff_sessions).where(
        staff_sessions.c.name == name,
        staff_sessions.c.ended_at.is_(None),
        staff_sessions.c.ends_at > int(now),
        staff_sessions.c.seen_at > int(now) - IDLE,
    )
    return [StaffSession(*row) for row in connection.execute(query.order_by(staff_sessions.c.began_at.desc()))]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
