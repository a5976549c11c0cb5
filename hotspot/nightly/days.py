"""Local days of sites, counted from the sessions: for the nightly roll-up, and live for a report before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, or_, select, update

from hotspot.clock import day_bounds, local_day
from hotspot.nightly import due
from hotspot.nightly.figures import DayDetails, DayFigures, Stay, day_details, day_figures
from hotspot.nightly.runs import last_success
from hotspot.nightly.step import Task, batches
from hotspot.sites import Sites
from hotspot.tables import client_hours, sessions, site_days, visit_lengths

STEP = "days"
MARGIN = 86_400  # what RADIUS kept in its journal is stored hours after the time that it carries as `changed_at`
QUARTER = 900
REACH = 38 * 86_400  # RADIUS believes a report that is seven days late, and a session that has lasted thirty-one
BY_ITSELF = 2  # Acct-Authentic "Local" (RFC 2866 section 5.6)

SiteDay = tuple[str, str]  # site, local day

_until = func.coalesce(sessions.c.stopped_at, sessions.c.last_seen_at)


def roll(task: Task) -> str:
    """Count every day again that changed since the last roll-up."""
    with task.store.reading() as connection:
        counted = recount(connection, task.sites, changed_days(connection, task.sites))
    for batch in batches(sorted(counted.items())):
        with task.store.writing() as connection:
            for site_day, counted_day in batch:
                save(connection, site_day, counted_day, task)
    return f"{len(counted)} days of sites counted"


def changed_days(connection: Connection, sites: Sites) -> set[SiteDay]:
    """The days that a session touches which changed since the last roll-up, except those whose time is over.

    A day whose sessions may be deleted already keeps the figures that it has.
    """
    since = (last_success(connection, STEP) or 0) - MARGIN
    changed = (sessions.c.changed_at >= since, sessions.c.started_at >= since - REACH)
    query = select(sessions.c.site, sessions.c.started_at, _until, sessions.c.changed_at).where(*changed)
    found: set[SiteDay] = set()
    for site, started_at, until, changed_at in connection.execute(query):
        for day in _touched(started_at, until, sites.timezone):
            if changed_at < day.counts_until(sites.retention.session_tokens):
                found.add((site, day.name))
    return found


@dataclass(frozen=True)
class Counted:
    """A day as it was counted: its sums, and its visits' lengths and its hours."""

    figures: DayFigures
    details: DayDetails


def recount(connection: Connection, sites: Sites, days: Collection[SiteDay]) -> dict[SiteDay, Counted]:
    """The figures of these days; each site's sessions are read once, however many days it is about."""
    stays: dict[SiteDay, list[Stay]] = {site_day: [] for site_day in days}
    for site in sorted({site for site, _ in days}):
        own = sorted(day for of, day in days if of == site)
        start, end = day_bounds(own[0], sites.timezone)[0], day_bounds(own[-1], sites.timezone)[1]
        for stay in _stays(connection, site, start, end):
            for day in _touched(stay.started_at, stay.until, sites.timezone):
                stays.get((site, day.name), []).append(stay)
    return {
        (site, day): Counted(day_figures(stays[site, day], *bounds), day_details(stays[site, day], *bounds))
        for site, day in days
        for bounds in (day_bounds(day, sites.timezone),)
    }


@dataclass(frozen=True)
class _Day:
    """A local day with its end in UTC seconds."""

    name: str
    end: int
    zone: ZoneInfo

    def counts_until(self, kept: int) -> int:
        return _counts_until(self.name, self.zone, kept)


_counts_until = lru_cache(maxsize=256)(due.counts_until)


@lru_cache(maxsize=8192)
def _day_of(quarter: int, zone: ZoneInfo) -> _Day:
    """The day of a quarter of an hour, which no zone's midnight cuts in two."""
    name = local_day(quarter * QUARTER, zone)
    return _Day(name, day_bounds(name, zone)[1], zone)


def _touched(started_at: int, until: int, zone: ZoneInfo) -> Iterator[_Day]:
    """The day of a stay's start and those that it reaches into."""
    day = _day_of(started_at // QUARTER, zone)
    yield day
    while day.end < until:
        day = _day_of(day.end // QUARTER, zone)
        yield day


def _stays(connection: Connection, site: str, start: int, end: int) -> Iterator[Stay]:
    """Stays that are known to touch the time from ``start`` to ``end``."""
    columns = (
        sessions.c.started_at,
        _until,
        sessions.c.stopped_at.is_not(None),
        sessions.c.seconds,
        sessions.c.device_day,
        sessions.c.random_mac,
        func.coalesce(sessions.c.authentic, 0) == BY_ITSELF,
    )
    touching = or_(sessions.c.last_seen_at >= start, sessions.c.stopped_at >= start)
    begun = (sessions.c.started_at >= start - REACH, sessions.c.started_at < end)
    query = select(*columns).where(sessions.c.site == site, *begun, touching)
    return (Stay(*row) for row in connection.execute(query))


def save(connection: Connection, site_day: SiteDay, counted: Counted, task: Task) -> None:
    site, day = site_day
    values = asdict(counted.figures) | {"rolled_at": task.now}
    there = (site_days.c.site == site, site_days.c.day == day)
    if connection.execute(update(site_days).where(*there).values(values)).rowcount == 0:
        connection.execute(insert(site_days).values(site=site, day=day, **values))
    lengths = [
        {"site": site, "day": day, "minutes": minutes, "visits": often}
        for minutes, often in counted.details.visit_minutes
    ]
    _put_instead(connection, visit_lengths, lengths, visit_lengths.c.site == site, visit_lengths.c.day == day)
    start, end = day_bounds(day, task.zone)
    hours = [
        {
            "site": site,
            "hour": hour.start,
            "client_seconds": hour.client_seconds,
            "median_clients": hour.median_clients,
        }
        for hour in counted.details.hours
    ]
    of_day = (client_hours.c.hour >= start, client_hours.c.hour < end)
    _put_instead(connection, client_hours, hours, client_hours.c.site == site, *of_day)


def _put_instead(connection: Connection, table: Table, rows: list[dict[str, Any]], *there: ColumnElement[bool]) -> None:
    """What was counted before goes, also where nothing is left of it now."""
    connection.execute(delete(table).where(*there))
    if rows:
        connection.execute(insert(table), rows)
