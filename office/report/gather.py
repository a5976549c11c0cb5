"""A month's facts of every site, read from the store in one moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields

from sqlalchemy import Connection, func, select

from hotspot.clock import month_bounds
from hotspot.nightly import days, months
from hotspot.nightly.figures import DayFigures
from hotspot.presence import is_open
from hotspot.sites import Sites
from hotspot.tables import complaints, nas_facts, sessions, site_days, site_months, usage_hours
from office.report import watched
from office.report.availability import pieces, service_time
from office.report.month import Complaint, Octets, SiteMonth


@dataclass(frozen=True)
class Period:
    """A month from its first second to its end or, while it goes on, to now."""

    month: str
    start: int
    end: int
    now: int

    @property
    def until(self) -> int:
        return min(self.end, max(self.start, self.now))


def gather(connection: Connection, sites: Sites, month: str, now: int) -> tuple[SiteMonth, ...]:
    """One entry a site of sites.yaml in its order; then those that only the store still knows."""
    period = Period(month, *month_bounds(month, sites.timezone), now)
    counted = _days(connection, sites, month)
    devices = _devices(connection, month)
    online = _open_now(connection, period)
    used, corrected = _octets(connection, period)
    reported = _complaints(connection, period)
    histories = watched.histories(connection, period.start, period.until)
    return tuple(
        SiteMonth(
            month=month,
            zone=sites.timezone,
            site=name,
            name=place.name if place else name,
            kecamatan=place.kecamatan if place else "",
            days=tuple(counted[name]),
            open_now=online.get(name, 0),
            devices=devices.get(name, 0),
            octets=used.get(name, Octets()),
            corrections=corrected.get(name, Octets()),
            history=pieces(watched.of_site(sites, name, histories), period.start, period.until) if place else (),
            service=service_time(place.hours.daily, period.start, period.until, sites.timezone) if place else (),
            complaints=tuple(reported[name]),
        )
        for name in _names(sites, counted, used, corrected, reported)
        for place in (sites.site.get(name),)
    )


def _names(sites: Sites, *found: Iterable[str]) -> list[str]:
    gone = {name for names in found for name in names} - set(sites.site)
    return [*sites.site, *sorted(gone)]


def _days(connection: Connection, sites: Sites, month: str) -> defaultdict[str, list[DayFigures]]:
    """Rolled-up days, and those counted now that changed since, so that nothing waits for the nightly job."""
    columns = [site_days.c[column.name] for column in fields(DayFigures)]
    query = select(site_days.c.site, site_days.c.day, *columns).where(site_days.c.day.startswith(month + "-"))
    found = {(site, day): DayFigures(*figures) for site, day, *figures in connection.execute(query)}
    changed = [site_day for site_day in days.changed_days(connection, sites) if site_day[1].startswith(month + "-")]
    by_site: defaultdict[str, list[DayFigures]] = defaultdict(list)
    recounted = {site_day: counted.figures for site_day, counted in days.recount(connection, sites, changed).items()}
    for (site, _), figures in sorted((found | recounted).items()):
        by_site[site].append(figures)
    return by_site


def _devices(connection: Connection, month: str) -> dict[str, int]:
    """Those of the closed month, else those noted so far."""
    closed = select(site_months.c.site, site_months.c.devices).where(site_months.c.month == month)
    so_far = {site: devices for site, (devices, _) in months.seen(connection, month).items()}
    return so_far | {row.site: row.devices for row in connection.execute(closed)}


def _open_now(connection: Connection, period: Period) -> dict[str, int]:
    joined = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas)
    query = (
        select(sessions.c.site, func.count().label("clients"))
        .select_from(joined)
        .where(is_open(period.now), sessions.c.started_at >= period.start, sessions.c.started_at < period.end)
        .group_by(sessions.c.site)
    )
    return {row.site: row.clients for row in connection.execute(query)}


def _octets(connection: Connection, period: Period) -> tuple[dict[str, Octets], dict[str, Octets]]:
    """What was used in the month, and what arrived in it for a month that was frozen already."""
    for_frozen = usage_hours.c.corrects != ""
    query = (
        select(
            usage_hours.c.site,
            for_frozen.label("for_frozen"),
            func.sum(usage_hours.c.output_octets),
            func.sum(usage_hours.c.input_octets),
        )
        .where(usage_hours.c.hour >= period.start, usage_hours.c.hour < period.end)
        .group_by(usage_hours.c.site, "for_frozen")
    )
    used: dict[str, Octets] = {}
    corrected: dict[str, Octets] = {}
    for site, is_correction, download, upload in connection.execute(query):
        (corrected if is_correction else used)[site] = Octets(int(download), int(upload))
    return used, corrected


def _complaints(connection: Connection, period: Period) -> defaultdict[str, list[Complaint]]:
    columns = (complaints.c.site, complaints.c.received_at, complaints.c.answered_at)
    received = (complaints.c.received_at >= period.start, complaints.c.received_at < period.end)
    found: defaultdict[str, list[Complaint]] = defaultdict(list)
    for site, received_at, answered_at in connection.execute(select(*columns).where(*received)):
        found[site].append(Complaint(received_at, answered_at))
    return found
