"""Complaints of visitors and their answers; the contact stays in the store."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, update

from hotspot.log import masked
from hotspot.tables import complaints
from office.facts import Complaint


def waiting(connection: Connection) -> tuple[Complaint, ...]:
    """Unanswered complaints, the one with the least time left first."""
    return _complaints(connection, complaints.c.answered_at.is_(None), complaints.c.received_at)


def answered_since(connection: Connection, start: float) -> tuple[Complaint, ...]:
    """Answered complaints, the latest answer first."""
    return _complaints(connection, complaints.c.answered_at >= int(start), complaints.c.answered_at.desc())


def find(connection: Connection, number: int) -> Complaint | None:
    found = _complaints(connection, complaints.c.id == number, complaints.c.id)
    return found[0] if found else None


def answer(connection: Connection, number: int, text: str, who: str, now: float) -> bool:
    """Answer a complaint that nobody has answered yet; False when somebody was quicker or it is not there."""
    change = update(complaints).where(complaints.c.id == number, complaints.c.answered_at.is_(None))
    done = connection.execute(change.values(answered_at=int(now), answer=text, answered_by=who))
    return done.rowcount == 1


def _complaints(connection: Connection, which: ColumnElement[bool], order: ColumnElement[Any]) -> tuple[Complaint, ...]:
    query = select(complaints).where(which).order_by(order)
    return tuple(_complaint(row) for row in connection.execute(query))


def _complaint(row: Row[Any]) -> Complaint:
    return Complaint(
        id=row.id,
        site=row.site,
        text=re.sub(r"\S+", lambda word: masked(word[0]), row.text),
        has_contact=row.contact is not None,
        received_at=row.received_at,
        answered_at=row.answered_at,
        answer=row.answer,
        answered_by=row.answered_by,
    )
