"""What visitors asked to have deleted: their sessions emptied, their grants and promises gone, the receipt marked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select, update

from hotspot.nightly.scrub import empty, is_open
from hotspot.nightly.step import Task
from hotspot.tables import erasures, grants, nas_facts, reservations, sessions


def erase(task: Task) -> str:
    with task.store.reading() as connection:
        asked = connection.execute(select(erasures).where(erasures.c.done_at.is_(None))).all()
    done = sum(_one(task, row) for row in asked)
    return f"{done} of {len(asked)} erasures done"


def _one(task: Task, row: Row[Any]) -> bool:
    """Done when nothing names them any more; a visit that goes on is waited for."""
    with task.store.writing() as connection:
        found = _sessions(connection, row)
        ended = [session for session in found if not is_open(session, task.now)]
        empty(connection, task, ended)
        waits = len(ended) < len(found)
        gone = len(ended) + (0 if waits else _promises(connection, row))
        values: dict[str, Any] = {"rows": row.rows + gone}
        if not waits:
            values |= {"done_at": task.now, "client": None, "grant_id": None}
        connection.execute(update(erasures).where(erasures.c.receipt == row.receipt).values(values))
    return not waits


def _sessions(connection: Connection, row: Row[Any]) -> list[Row[Any]]:
    its = sessions.c.client == row.client if row.client else sessions.c.grant_id == row.grant_id
    query = (
        select(sessions, nas_facts.c.boot_at)
        .select_from(sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas))
        .where(its, or_(*(sessions.c[name].is_not(None) for name in ("mac", "user_name", "client", "address"))))
    )
    return list(connection.execute(query))


def _promises(connection: Connection, row: Row[Any]) -> int:
    """Of grants that never became a session, too."""
    its = grants.c.client == row.client if row.client else grants.c.id == row.grant_id
    ids = select(grants.c.id).where(its)
    promised = connection.execute(delete(reservations).where(reservations.c.grant_id.in_(ids)))
    granted = connection.execute(delete(grants).where(its))
    return promised.rowcount + granted.rowcount
