"""Staff of the office, with the name and password that they have there."""

from __future__ import annotations

from sqlalchemy import select

from captive_portal.ways import guesses
from captive_portal.ways.passwords import Crowded
from captive_portal.ways.way import Hurdle, Outcome, Proved, Reception, Visitor, Wrong
from hotspot import clients
from hotspot.tables import staff


def prove(reception: Reception, visitor: Visitor) -> Outcome:
    name = visitor.entered("name", 64).casefold()
    try:
        found = guesses.guess(reception, visitor, lambda: _check(reception, visitor, name), name)
    except Crowded:
        return Wrong(Hurdle.BUSY)
    if isinstance(found, Wrong) and found.reason is Hurdle.CODE_WRONG:
        return Wrong(Hurdle.NAME_WRONG, found.left)
    return found


def _check(reception: Reception, visitor: Visitor, name: str) -> Proved | None:
    """The same work and the same answer for a name that nobody has, and for one that was disabled."""
    with reception.store.reading() as connection:
        query = select(staff.c.password_hash, staff.c.disabled_at).where(staff.c.name == name)
        row = connection.execute(query).one_or_none()
    stored = row.password_hash if row and row.disabled_at is None else None
    right = reception.passwords.verify(stored, visitor.form.get("password", ""))
    return Proved(clients.of_staff(reception.key, name), "staff") if right else None
