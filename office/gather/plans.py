"""What is planned: maintenance of equipment, and events that change a site's hours or policy."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from hotspot.tables import calendar, maintenances


@dataclass(frozen=True)
class Maintenance:
    kind: str
    subject: str
    reason: str
    began_at: int
    ends_at: int
    created_by: str
    id: int = 0
    cancelled_at: int | None = None


@dataclass(frozen=True)
class Event:
    """``site`` None is everywhere; ``policy`` and ``doors`` None leave them as they are."""

    label: str
    site: str | None
    began_at: int
    ends_at: int
    policy: str | None
    doors: str | None
    created_by: str
    id: int = 0
    cancelled_at: int | None = None


def works(connection: Connection, since: float) -> list[Maintenance]:
    """Going on, to come, and over since then; the next first."""
    query = select(maintenances).where(maintenances.c.ends_at >= int(since)).order_by(maintenances.c.began_at)
    return [
        Maintenance(r.kind, r.subject, r.reason, r.began_at, r.ends_at, r.created_by, r.id, r.cancelled_at)
        for r in connection.execute(query)
    ]


def add_work(connection: Connection, work: Maintenance, now: float) -> int:
    row = {
        "kind": work.kind,
        "subject": work.subject,
        "reason": work.reason,
        "began_at": work.began_at,
        "ends_at": work.ends_at,
        "created_by": work.created_by,
        "created_at": int(now),
    }
    done = connection.execute(insert(maintenances).values(**row))
    return int((done.inserted_primary_key or (0,))[0])


def cancel_work(connection: Connection, number: int, now: float) -> bool:
    """One that goes on ends now; one to come never begins."""
    going = maintenances.c.cancelled_at.is_(None) & (maintenances.c.ends_at > int(now))
    change = update(maintenances).where(maintenances.c.id == number, going)
    return connection.execute(change.values(cancelled_at=int(now))).rowcount == 1


def events(connection: Connection, since: float) -> list[Event]:
    """Those that are not over since then, the next first."""
    query = select(calendar).where(calendar.c.ends_at >= int(since)).order_by(calendar.c.began_at)
    return [
        Event(r.label, r.site, r.began_at, r.ends_at, r.policy, r.doors, r.created_by, r.id, r.cancelled_at)
        for r in connection.execute(query)
    ]


def add_event(connection: Connection, event: Event, now: float) -> int:
    row = {
        "label": event.label,
        "site": event.site,
        "began_at": event.began_at,
        "ends_at": event.ends_at,
        "policy": event.policy,
        "doors": event.doors,
        "created_by": event.created_by,
        "created_at": int(now),
    }
    done = connection.execute(insert(calendar).values(**row))
    return int((done.inserted_primary_key or (0,))[0])


def cancel_event(connection: Connection, number: int, now: float) -> bool:
    change = update(calendar).where(calendar.c.id == number, calendar.c.cancelled_at.is_(None))
    return connection.execute(change.values(cancelled_at=int(now))).rowcount == 1
