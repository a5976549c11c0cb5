"""Days, visits' lengths and hours of a month: as the nightly job rolled them up, and counted now where that changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, fields

from sqlalchemy import Connection, func, select

from hotspot.clock import day_bounds
from hotspot.nightly import days
from hotspot.nightly.figures import DayFigures
from hotspot.sites import Sites
from hotspot.tables import client_hours, site_days, usage_hours, visit_lengths
from office.report.month import Hour, Octets

Lengths = tuple[tuple[int, int], ...]


@dataclass
class SiteDays:
    """One site's month; the hours are client seconds and median by the hour's start."""

    days: dict[str, DayFigures] = field(default_factory=dict)
    lengths: dict[str, Lengths] = field(default_factory=dict)
    hours: dict[int, tuple[int, int]] = field(default_factory=dict)


def counted(connection: Connection, sites: Sites, month: str, start: int, end: int) -> dict[str, SiteDays]:
    """So that nothing waits for the nightly job, a day that changed since is counted here as the job will count it."""
    found: defaultdict[str, SiteDays] = defaultdict(SiteDays)
    columns = [site_days.c[column.name] for column in fields(DayFigures)]
    of_month = select(site_days.c.site, site_days.c.day, *columns).where(site_days.c.day.startswith(month + "-"))
    for site, day, *figures in connection.execute(of_month.order_by(site_days.c.site, site_days.c.day)):
        found[site].days[day] = DayFigures(*figures)
    _lengths(connection, month, found)
    _hours(connection, start, end, found)
    changed = [of for of in days.changed_days(connection, sites) if of[1].startswith(month + "-")]
    for (site, day), now in sorted(days.recount(connection, sites, changed).items()):
        of_site = found[site]
        opens, closes = day_bounds(day, sites.timezone)
        of_site.days[day] = now.figures
        of_site.lengths[day] = now.details.visit_minutes
        kept = {hour: known for hour, known in of_site.hours.items() if not opens <= hour < closes}
        fresh = {hour.start: (hour.client_seconds, hour.median_clients) for hour in now.details.hours}
        of_site.hours = kept | fresh
    return dict(found)


def _lengths(connection: Connection, month: str, found: defaultdict[str, SiteDays]) -> None:
    """By day, because a day that changed since its roll-up is taken from elsewhere."""
    query = select(visit_lengths).where(visit_lengths.c.day.startswith(month + "-"))
    lengths: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for site, day, minutes, visits in connection.execute(query):
        lengths[site, day].append((minutes, visits))
    for (site, day), of_day in lengths.items():
        found[site].lengths[day] = tuple(of_day)


def _hours(connection: Connection, start: int, end: int, found: defaultdict[str, SiteDays]) -> None:
    query = select(client_hours).where(client_hours.c.hour >= start, client_hours.c.hour < end)
    for site, hour, client_seconds, median in connection.execute(query):
        found[site].hours[hour] = (client_seconds, median)


def octets_by_hour(connection: Connection, start: int, end: int) -> dict[str, dict[int, Octets]]:
    """What each hour brought, corrections of frozen months left out."""
    query = (
        select(
            usage_hours.c.site,
            usage_hours.c.hour,
            func.sum(usage_hours.c.output_octets),
            func.sum(usage_hours.c.input_octets),
        )
        .where(usage_hours.c.hour >= start, usage_hours.c.hour < end, usage_hours.c.corrects == "")
        .group_by(usage_hours.c.site, usage_hours.c.hour)
    )
    found: defaultdict[str, dict[int, Octets]] = defaultdict(dict)
    for site, hour, download, upload in connection.execute(query):
        found[site][hour] = Octets(int(download), int(upload))
    return dict(found)


def hours(of_site: SiteDays, octets: dict[int, Octets]) -> tuple[Hour, ...]:
    """Every hour that had clients or octets."""
    return tuple(
        Hour(start, *of_site.hours.get(start, (0, 0)), octets.get(start, Octets()))
        for start in sorted({*of_site.hours, *octets})
    )
