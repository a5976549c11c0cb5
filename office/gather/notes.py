"""What people write beside an incident or a site: notes, who has seen it, who takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from hotspot.tables import notes

NOTE, ACKNOWLEDGE, ASSIGN = "note", "acknowledge", "assign"


@dataclass(frozen=True)
class Note:
    act: str
    text: str
    by: str
    at: int


def of(connection: Connection, about: str, subject: object) -> list[Note]:
    """The oldest first, as a story is told."""
    query = select(notes).where(notes.c.about == about, notes.c.subject == str(subject)).order_by(notes.c.id)
    return [Note(row.act, row.text, row.by, row.at) for row in connection.execute(query)]


def add(connection: Connection, about: str, subject: object, note: Note) -> None:
    row = {"about": about, "subject": str(subject), "act": note.act, "text": note.text, "by": note.by, "at": note.at}
    connection.execute(insert(notes), row)


def care(connection: Connection, incidents: Iterable[int]) -> dict[int, str]:
    """Who takes each incident: the last one it was given to, else who has seen it."""
    wanted = [str(number) for number in incidents]
    query = select(notes).where(notes.c.about == "incident", notes.c.subject.in_(wanted), notes.c.act != NOTE)
    found: dict[int, Note] = {}
    for row in connection.execute(query.order_by(notes.c.id)):
        note, known = Note(row.act, row.text, row.by, row.at), found.get(int(row.subject))
        if note.act == ASSIGN or known is None or known.act != ASSIGN:
            found[int(row.subject)] = note
    return {number: note.text if note.act == ASSIGN else note.by for number, note in found.items()}
