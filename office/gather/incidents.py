"""Incidents, one row per cause, with everything that it darkens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select

from hotspot.tables import incident_members, incidents
from office.facts import Incident, Subject


def open_incidents(connection: Connection) -> tuple[Incident, ...]:
    """Those going on, the latest first."""
    return _incidents(connection, incidents.c.closed_at.is_(None))


def closed_since(connection: Connection, start: float) -> tuple[Incident, ...]:
    """Those that ended after a moment, the latest first."""
    return _incidents(connection, incidents.c.closed_at >= int(start))


def find(connection: Connection, number: int) -> Incident | None:
    found = _incidents(connection, incidents.c.id == number)
    return found[0] if found else None


def _incidents(connection: Connection, which: ColumnElement[bool]) -> tuple[Incident, ...]:
    rows = connection.execute(select(incidents).where(which).order_by(incidents.c.opened_at.desc())).all()
    members = _members(connection, [row.id for row in rows])
    return tuple(
        Incident(
            id=row.id,
            cause=row.cause,
            root=(row.kind, row.subject),
            clients=row.clients,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            members=tuple(m for m in members[row.id] if m != (row.kind, row.subject)),
            grade=row.grade,
            evidence="" if row.evidence == "{}" else row.evidence,
        )
        for row in rows
    )


def _members(connection: Connection, ids: Sequence[int]) -> dict[int, list[Subject]]:
    """Members in the order in which they joined; one that joined twice is named once."""
    query = (
        select(incident_members.c.incident, incident_members.c.kind, incident_members.c.subject)
        .where(incident_members.c.incident.in_(ids))
        .order_by(incident_members.c.joined_at, incident_members.c.id)
    )
    found: dict[int, list[Subject]] = defaultdict(list)
    for incident, kind, subject in connection.execute(query):
        if (kind, subject) not in found[incident]:
            found[incident].append((kind, subject))
    return found
