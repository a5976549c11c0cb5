"""Which days of a month a device was seen at a site: noted while its MAC is still there, never joined to a session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from hotspot.clock import local_day, local_month
from hotspot.mac import Mac
from hotspot.nightly import due
from hotspot.nightly.births import record_birth
from hotspot.nightly.step import Task, batches
from hotspot.pseudonym import KeyDestroyed, device_token
from hotspot.tables import device_months, sessions

STEP = "devices"
PURPOSE = b"m1"

Sighting = tuple[str, int, str]  # site, start of the session, MAC as twelve hex digits
Marks = Mapping[tuple[str, str, str], int]  # (month, site, token) -> days seen as bits


def note(task: Task) -> str:
    """Note every session that still has a MAC."""
    query = select(sessions.c.site, sessions.c.started_at, sessions.c.mac).where(sessions.c.mac.is_not(None))
    with task.store.reading() as connection:
        sightings = [(site, started_at, mac) for site, started_at, mac in connection.execute(query)]
    for batch in batches(sightings):
        with task.store.writing() as connection:
            note_sightings(connection, task, batch)
    return f"{len(sightings)} sessions with a MAC noted"


def note_sightings(connection: Connection, task: Task, sightings: Sequence[Sighting]) -> None:
    """Add each start's day to its device's month; a month that is closed takes no more."""
    keys = {month: _key(connection, task, month) for month in {local_month(at, task.zone) for _, at, _ in sightings}}
    marks: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for site, started_at, mac in sightings:
        month = local_month(started_at, task.zone)
        if key := keys[month]:
            day = int(local_day(started_at, task.zone)[-2:])
            marks[month, site, device_token(key, PURPOSE, Mac(mac))] |= 1 << (day - 1)
    _add(connection, marks)


def _key(connection: Connection, task: Task, month: str) -> bytes | None:
    """The month's key, or None when its time is over; it is never made anew for a closed month."""
    if task.now >= due.month_closes_at(month, task.zone):
        return None
    try:
        key = task.keys.get(f"month-{month}")
    except KeyDestroyed:
        return None
    record_birth(connection, f"month-{month}", key, task.now)
    return key


def _add(connection: Connection, marks: Marks) -> None:
    seen = _seen(connection, marks)
    new = [
        {"month": month, "site": site, "token": token, "days_seen": days}
        for (month, site, token), days in marks.items()
        if (month, site, token) not in seen
    ]
    more = [
        {"of": month, "at": site, "who": token, "days": seen[month, site, token] | days}
        for (month, site, token), days in marks.items()
        if days & ~seen.get((month, site, token), days)
    ]
    here = and_(
        device_months.c.month == bindparam("of"),
        device_months.c.site == bindparam("at"),
        device_months.c.token == bindparam("who"),
    )
    if new:
        connection.execute(insert(device_months), new)
    if more:
        connection.execute(update(device_months).where(here).values(days_seen=bindparam("days")), more)


def _seen(connection: Connection, marks: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
    columns = (device_months.c.month, device_months.c.site, device_months.c.token, device_months.c.days_seen)
    query = select(*columns).where(device_months.c.token.in_({token for _, _, token in marks}))
    return {(month, site, token): days for month, site, token, days in connection.execute(query)}
