"""A month's facts of every site, read from the store in one moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hotspot.clock import month_bounds
from hotspot.nightly import months
from hotspot.presence import is_open
from hotspot.sites import Sites
from hotspot.tables import nas_facts, sessions, site_months, town_months, usage_hours
from office.report import asked, counted, late, watched
from office.report.availability import pieces, service_time, without
from office.report.counted import SiteDays
from office.report.lengths import added
from office.report.month import Citizen, Echoes, Octets, SiteMonth
from office.report.place import place_of
from office.report.town import Devices


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
    start, end, until = period.start, period.end, period.until
    days = counted.counted(connection, sites, month, start, end)
    octets = counted.octets_by_hour(connection, start, end)
    corrected = _corrections(connection, period)
    devices, online = _devices(connection, month), _open_now(connection, period)
    reported, opinions = asked.reported(connection, start, end), asked.opinions(connection, start, end)
    logins, steps = asked.logins(connection, start, end), asked.steps(connection, start, end)
    ways_in, turned_away = asked.ways_in(connection, start, end), asked.portal_refusals(connection, start, end)
    came_late = late.by_site(late.news(connection, month, start, end))
    echoes, citizens = watched.echoes(connection, sites, start, end), watched.citizens(connection, start, end)
    histories = watched.histories(connection, start, until)
    incidents = watched.of_sites(connection, sites, start, end)
    works = watched.planned(connection, sites, start, until)

    def one(site: str) -> SiteMonth:
        place, own = sites.site.get(site), days.get(site, SiteDays())
        service = service_time(place.hours.daily, start, until, sites.timezone) if place else ()
        unplanned = without(service, works.get(site, ()))
        hours = counted.hours(own, octets.get(site, {}))
        seen, again = devices.get(site, (0, 0))
        return SiteMonth(
            month=month,
            zone=sites.timezone,
            site=site,
            name=place.name if place else site,
            kecamatan=place.kecamatan if place else "",
            start=start,
            until=until,
            days=tuple(own.days[day] for day in sorted(own.days)),
            dates=tuple(sorted(own.days)),
            open_now=online.get(site, 0),
            devices=seen,
            seen_again=again,
            octets=_sum(hour.octets for hour in hours),
            corrections=corrected.get(site, Octets()),
            visit_minutes=added(own.lengths.values()),
            hours=hours,
            logins=logins.get(site, ()),
            steps=steps.get(site, ()),
            ways_in=ways_in.get(site, ()),
            portal_refusals=turned_away.get(site, ()),
            late_sessions=came_late[site],
            echoes=echoes.get(site, Echoes()),
            citizen=citizens.get(site, Citizen()),
            history=pieces(watched.of_site(sites, site, histories), start, until) if place else (),
            service=unplanned,
            planned_seconds=_length(service) - _length(unplanned),
            incidents=incidents.get(site, ()),
            complaints=tuple(reported[site]),
            opinions=tuple(opinions[site]),
            place=place_of(sites, site),
        )

    return tuple(one(site) for site in _names(sites, days, octets, corrected, reported, opinions, logins))


def town_devices(connection: Connection, month: str) -> Devices:
    """Of all sites together: those of the closed month, else those noted so far."""
    row = connection.execute(select(town_months).where(town_months.c.month == month)).one_or_none()
    known = row if row is not None else months.seen_in_town(connection, month)
    return Devices(known.devices, known.seen_again, known.across)


def _sum(many: Iterable[Octets]) -> Octets:
    known = tuple(many)
    return Octets(sum(octets.download for octets in known), sum(octets.upload for octets in known))


def _length(spans: Iterable[tuple[int, int]]) -> int:
    return sum(ends - starts for starts, ends in spans)


def _names(sites: Sites, *found: Iterable[str]) -> list[str]:
    gone = {name for names in found for name in names} - set(sites.site)
    return [*sites.site, *sorted(gone)]


def _devices(connection: Connection, month: str) -> dict[str, tuple[int, int]]:
    """Devices and those of them that came again: of the closed month, else those noted so far."""
    closed = select(site_months.c.site, site_months.c.devices, site_months.c.seen_again)
    rows = connection.execute(closed.where(site_months.c.month == month))
    return months.seen(connection, month) | {site: (devices, again) for site, devices, again in rows}


def _open_now(connection: Connection, period: Period) -> dict[str, int]:
    joined = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas)
    query = (
        select(sessions.c.site, func.count().label("clients"))
        .select_from(joined)
        .where(is_open(period.now), sessions.c.started_at >= period.start, sessions.c.started_at < period.end)
        .group_by(sessions.c.site)
    )
    return {row.site: row.clients for row in connection.execute(query)}


def _corrections(connection: Connection, period: Period) -> dict[str, Octets]:
    """What arrived in the month for one that was frozen already."""
    query = (
        select(usage_hours.c.site, func.sum(usage_hours.c.output_octets), func.sum(usage_hours.c.input_octets))
        .where(usage_hours.c.hour >= period.start, usage_hours.c.hour < period.end, usage_hours.c.corrects != "")
        .group_by(usage_hours.c.site)
    )
    return {site: Octets(int(down), int(up)) for site, down, up in connection.execute(query)}
