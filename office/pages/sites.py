"""One site: now, how far visitors came, its week and its days, its equipment, its incidents and what staff noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hotspot.clock import day_bounds, local_day
from hotspot.sites import Site, Sites
from office import chart, load
from office.desk import me, the_desk, write_down
from office.facts import Condition, Data, Incident, Now
from office.gather import days, incidents, notes, stays
from office.gather import now as present
from office.gather.funnel import funnel
from office.gather.notes import NOTE, Note
from office.gather.optics import round_trip
from office.heat import heat
from office.moments import words
from office.overview import incident_rows, site_rows
from office.town import subjects_of

DAYS_BACK = 14
INCIDENTS_BACK = 30 * 24 * 3600
WEEKS = 4  # of the heat map
LONGEST_NOTE = 2000

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
    clients: int | None = None
    trip: float | None = None


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
        facts = present.now(connection, at, sites)
        data = present.data_by_hour(connection, site_id, start, end)
        sessions = present.sessions_by_hour(connection, site_id, start, end, zone)
        past = days.days(connection, first, today, zone, site_id)
        weeks = present.client_seconds_by_hour(connection, site_id, start - WEEKS * 7 * 86400, start)
        last = present.last_whole_hour(at, zone)
        moved = present.data_by_hour(connection, site_id, last - 23 * 3600, last + 1)
        alone = stays.let_in_alone(connection, site_id, start)
        steps = funnel(connection, site_id, start)
        told = notes.of(connection, "site", site_id)
        clients, trips = present.clients_by_device(connection), round_trip(connection, int(at) - 86400)
        found = (*incidents.open_incidents(connection), *incidents.closed_since(connection, at - INCIDENTS_BACK))
    hours = hours_of(start, at, sessions, data)
    return render_template(
        "site.html",
        row=next(row for row in site_rows(sites, facts) if row.site == site),
        hours=hours,
        hour_bars=chart.bars([hour.data.total for hour in hours], (end - start) // 3600),
        days=past[::-1],
        day_bars=chart.bars([one.devices for one in past]),
        equipment=equipment(site, sites, facts, clients, trips),
        heat=heat(weeks, start, zone) if weeks else None,
        loads=(loads := load.day(site, moved, last)),
        peak=load.peak(loads),
        load_bars=chart.bars([one.bits for one in loads]),
        alone=alone,
        funnel=steps,
        notes=told,
        incidents=incident_rows(sites, at_site(found, site, sites)),
    )


@pages.post("/sites/<site_id>/note")
def note(site_id: str) -> Response:
    desk = the_desk()
    if site_id not in desk.sites.site:
        abort(404)
    if text := words(request.form.get("text", ""), LONGEST_NOTE):
        with desk.store.writing() as connection:
            notes.add(connection, "site", site_id, Note(NOTE, text, me().name, int(desk.clock.now())))
            write_down(connection, "site.note", site_id)
    return redirect(url_for("sites.show", site_id=site_id, _anchor="notes"), 303)


def hours_of(start: int, at: float, sessions: dict[int, int], data: dict[int, Data]) -> tuple[Hour, ...]:
    """Every hour of the day that has begun, also the empty ones."""
    return tuple(Hour(hour, sessions.get(hour, 0), data.get(hour, Data())) for hour in range(start, int(at) + 1, 3600))


def equipment(
    site: Site, sites: Sites, facts: Now, clients: dict[str, int], trips: dict[str, float]
) -> tuple[Equipment, ...]:
    nases = [("nas", nas.id, "nas") for nas in sites.nases if nas.site == site.id]
    devices = [("device", device.id, device.role) for device in sites.devices if device.site == site.id]
    return tuple(
        Equipment(name, role, facts.conditions.get((kind, name)), clients.get(name), trips.get(name))
        for kind, name, role in nases + devices
    )


def at_site(found: tuple[Incident, ...], site: Site, sites: Sites) -> tuple[Incident, ...]:
    subjects = subjects_of(site, sites)
    return tuple(incident for incident in found if incident.touches(subjects))
