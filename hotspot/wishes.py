"""What a room wants to happen to a session that goes on: a row that RADIUS takes up, tries and finishes."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from hotspot.tables import wishes

EXTEND = "extend"  # the reason of a LIMIT that gives a session the time of a new visit


class Act(StrEnum):
    """``LIMIT`` tells the NAS what the client is allowed now; RADIUS computes that when it sends it."""

    END = "end"
    LIMIT = "limit"


class Outcome(StrEnum):
    """How a wish ended. ``GONE``: its NAS knows no such session. ``UNTRUE``: it said yes and went on."""

    DONE = "done"
    OVER = "over"
    GONE = "gone"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    UNTRUE = "untrue"
    IMPOSSIBLE = "impossible"


def wish(connection: Connection, session: int, act: Act, *, reason: str, by: str, now: float) -> None:
    """Ask for it, unless the same is asked for already. ``reason`` is a word, ``by`` the asking service."""
    row = {
        "session": session,
        "act": act.value,
        "reason": reason,
        "asked_by": by,
        "asked_at": int(now),
        "tries": 0,
        "due_at": int(now),
    }
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(wishes).on_conflict_do_nothing(), row)
