"""Complaints of visitors and their answers; the contact stays in the store."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from hotspot.log import masked
from hotspot.tables import complaints
from office.facts import Complaint

_AS_THEY_ARE = (
    *("received_at", "answered_at", "answer", "answered_by", "channel", "place", "happened_at", "link", "entered_by"),
    *("incident", "opd", "forwarded_at", "escalated_at", "published_at"),
)


def waiting(connection: Connection) -> tuple[Complaint, ...]:
    """Unanswered complaints, the one with the least time left first."""
    return _complaints(connection, complaints.c.answered_at.is_(None), complaints.c.received_at)


def answered_since(connection: Connection, start: float) -> tuple[Complaint, ...]:
    """Answered complaints, the latest answer first."""
    return _complaints(connection, complaints.c.answered_at >= int(start), complaints.c.answered_at.desc())


def find(connection: Connection, number: int) -> Complaint | None:
    found = _complaints(connection, complaints.c.id == number, complaints.c.id)
    return found[0] if found else None


def published(connection: Connection, most: int) -> tuple[Complaint, ...]:
    """What the public may read, the latest first."""
    query = select(complaints).where(complaints.c.published_at.is_not(None))
    rows = connection.execute(query.order_by(complaints.c.published_at.desc()).limit(most))
    return tuple(_complaint(row) for row in rows)


def answer(connection: Connection, number: int, text: str, who: str, now: float) -> bool:
    """Answer a complaint that nobody has answered yet; False when somebody was quicker or it is not there."""
    change = update(complaints).where(complaints.c.id == number, complaints.c.answered_at.is_(None))
    done = connection.execute(change.values(answered_at=int(now), answer=text, answered_by=who))
    return done.rowcount == 1


def publish(connection: Connection, number: int, now: float) -> bool:
    """Put an answer before the public, once."""
    ready = complaints.c.answered_at.is_not(None) & complaints.c.published_at.is_(None)
    change = update(complaints).where(complaints.c.id == number, ready)
    return connection.execute(change.values(published_at=int(now))).rowcount == 1


def enter(connection: Connection, row: dict[str, Any]) -> int:
    """One that came by another way than the portal; its number."""
    done = connection.execute(insert(complaints).values(**row))
    return int((done.inserted_primary_key or (0,))[0])


def forward(connection: Connection, number: int, opd: str, now: float) -> bool:
    """Pass it on; again to another OPD as long as nobody has answered."""
    change = update(complaints).where(complaints.c.id == number, complaints.c.answered_at.is_(None))
    return connection.execute(change.values(opd=opd, forwarded_at=int(now))).rowcount == 1


def take_due(connection: Connection, received_before: float, now: float) -> tuple[Complaint, ...]:
    """Unanswered ones that must be escalated, each given to one caller only."""
    late = complaints.c.received_at <= int(received_before)
    due = complaints.c.answered_at.is_(None) & complaints.c.escalated_at.is_(None) & late
    change = update(complaints).where(due).values(escalated_at=int(now)).returning(complaints.c.id)
    numbers = list(connection.execute(change).scalars())
    return _complaints(connection, complaints.c.id.in_(numbers), complaints.c.received_at) if numbers else ()


def _complaints(connection: Connection, which: ColumnElement[bool], order: ColumnElement[Any]) -> tuple[Complaint, ...]:
    query = select(complaints).where(which).order_by(order)
    return tuple(_complaint(row) for row in connection.execute(query))


def _complaint(row: Row[Any]) -> Complaint:
    return Complaint(
        id=row.id,
        site=row.site,
        text=re.sub(r"\S+", lambda word: masked(word[0]), row.text),
        has_contact=row.contact is not None,
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
    )
