"""Events that are still to come, each with what the last one of its name taught (from the calendar and the hours)."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from hotspot.sites import Sites
from hotspot.tables import calendar, client_hours, usage_hours
from office.report.events import Event, Lesson, last_before, lesson
from office.report.month import Hour, Octets
from office.report.place import place_of

AHEAD = 62 * 86_400  # seconds: an access point has to be bought and hung


def lessons(connection: Connection, sites: Sites, now: int, ahead: int = AHEAD) -> tuple[Lesson, ...]:
    """In the order of time, a site each where it learned something."""
    rows = connection.execute(select(calendar).where(calendar.c.cancelled_at.is_(None))).all()
    known = [Event(row.label, row.site or "", row.began_at, row.ends_at) for row in rows]
    coming = sorted((e for e in known if now < e.ends_at and e.began_at < now + ahead), key=lambda e: e.began_at)
    found = []
    for event in coming:
        if before := last_before(event, known):
            for site in sites.site:
                if site in (event.site, before.site) or not (event.site or before.site):
                    hours = _hours(connection, site, before)
                    found.append(lesson(event, before, site, hours, place_of(sites, site)))
    return tuple(one for one in found if one is not None)


def _hours(connection: Connection, site: str, event: Event) -> list[Hour]:
    within = (client_hours.c.hour > event.began_at - 3600, client_hours.c.hour < event.ends_at)
    used = (
        select(usage_hours.c.hour, func.sum(usage_hours.c.output_octets), func.sum(usage_hours.c.input_octets))
        .where(
            usage_hours.c.site == site, usage_hours.c.hour > event.began_at - 3600, usage_hours.c.hour < event.ends_at
        )
        .group_by(usage_hours.c.hour)
    )
    octets = {hour: Octets(int(down), int(up)) for hour, down, up in connection.execute(used)}
    query = select(client_hours).where(client_hours.c.site == site, *within)
    return [
        Hour(row.hour, row.client_seconds, row.median_clients, octets.get(row.hour, Octets()))
        for row in connection.execute(query)
    ]
