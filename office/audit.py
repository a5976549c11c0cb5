"""The audit log in the store: appended in the transaction of what it tells, read back, and verified by command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from sqlalchemy import Connection, Row, insert, select

from hotspot.tables import audit
from office.chain import BEGINNING, Entry, Linked, first_break, link

_LOCK = 3307  # of PostgreSQL; two writers at once would follow the same entry
PAGE = 100


def write(connection: Connection, entry: Entry) -> None:
    """Append an entry; it stands exactly when the rest of the transaction does."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    last = connection.execute(select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)).scalar() or BEGINNING
    connection.execute(insert(audit).values(**asdict(entry), previous=last, hash=link(entry, last)))


def latest(connection: Connection, before: int | None = None, subject: str = "") -> list[Linked]:
    """A page of entries, the newest first."""
    query = select(audit).order_by(audit.c.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(audit.c.id < before)
    if subject:
        query = query.where(audit.c.subject == subject)
    return [_linked(row) for row in connection.execute(query)]


def verify(connection: Connection, *, whole: bool) -> tuple[int, str, str | None]:
    """How many entries there are, the last hash, and what is wrong or None.

    With ``whole`` the chain must begin at its very first entry; retention takes that away in time.
    """
    last, count = BEGINNING, 0

    def counted() -> Iterator[Linked]:
        nonlocal last, count
        for row in connection.execute(select(audit).order_by(audit.c.id)):
            last, count = row.hash, count + 1
            yield _linked(row)

    broken = first_break(counted(), BEGINNING if whole else None)
    return count, last, broken


def _linked(row: Row[tuple[object, ...]]) -> Linked:
    return Linked(row.id, Entry(row.at, row.by, row.act, row.subject, row.detail), row.previous, row.hash)
