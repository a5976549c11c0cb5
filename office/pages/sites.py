"""One site: now, today by hour, the last fourteen days, its equipment and its incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, render_template

from hotspot.clock import day_bounds, local_day
from hotspot.sites import Site, Sites
from office import chart
from office.desk import the_desk
from office.facts import Condition, Data, Incident, Now
from office.gather import days, incidents
from office.gather import now as present
from office.overview import incident_rows, site_rows
from office.town import subjects_of

DAYS_BACK = 14
INCIDENTS_BACK = 30 * 24 * 3600

pages = Blueprint("sites", __name__)


@dataclass(frozen=True)
class Hour:
    start: int
    sessions: int
    data: Data


@dataclass(frozen=True)
class Equipment:
    name: str
    role: str
    condition: Condition | None


@pages.get("/sites/<site_id>")
def show(site_id: str) -> str:
    desk = the_desk()
    sites, at, zone = desk.sites, desk.clock.now(), desk.sites.timezone
    site = sites.site.get(site_id)
    if site is None:
        abort(404)
    today = local_day(at, zone)
    start, end = day_bounds(today, zone)
    first = (date.fromisoformat(today) - timedelta(days=DAYS_BACK)).isoformat()
    with desk.store.reading() as connection:
        facts = present.now(connection, at, zone)
        data = present.data_by_hour(connection, site_id, start, end)
        sessions = present.sessions_by_hour(connection, site_id, start, end, zone)
        past = days.days(connection, first, today, zone, site_id)
        found = (*incidents.open_incidents(connection), *incidents.closed_since(connection, at - INCIDENTS_BACK))
    hours = hours_of(start, at, sessions, data)
    return render_template(
        "site.html",
        row=next(row for row in site_rows(sites, facts) if row.site == site),
        hours=hours,
        hour_bars=chart.bars([hour.data.total for hour in hours], (end - start) // 3600),
        days=past[::-1],
        day_bars=chart.bars([one.devices for one in past]),
        equipment=equipment(site, sites, facts),
        incidents=incident_rows(sites, at_site(found, site, sites)),
    )


def hours_of(start: int, at: float, sessions: dict[int, int], data: dict[int, Data]) -> tuple[Hour, ...]:
    """Every hour of the day that has begun, also the empty ones."""
    return tuple(Hour(hour, sessions.get(hour, 0), data.get(hour, Data())) for hour in range(start, int(at) + 1, 3600))


def equipment(site: Site, sites: Sites, facts: Now) -> tuple[Equipment, ...]:
    nases = [("nas", nas.id, "nas") for nas in sites.nases if nas.site == site.id]
    devices = [("device", device.id, device.role) for device in sites.devices if device.site == site.id]
    return tuple(Equipment(name, role, facts.conditions.get((kind, name))) for kind, name, role in nases + devices)


def at_site(found: tuple[Incident, ...], site: Site, sites: Sites) -> tuple[Incident, ...]:
    subjects = subjects_of(site, sites)
    return tuple(incident for incident in found if incident.touches(subjects))
