"""The start page: five numbers, the map, the sites, what is wrong now, the districts."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request

from office.desk import the_desk
from office.gather import complaints, incidents
from office.gather import now as present
from office.overview import Overview, overview

REFRESH = 30  # seconds; the browser itself reloads, and stops on request (WCAG 2.2.2)

pages = Blueprint("summary", __name__)


@pages.get("/")
def show() -> str:
    refresh = None if request.args.get("still") else REFRESH
    return render_template("summary.html", view=_view(), refresh=refresh)


@pages.get("/wall")
def wall() -> str:
    """For a screen that nobody sits at: large, no menu, always renewed."""
    return render_template("wall.html", view=_view(), refresh=REFRESH)


def _view() -> Overview:
    desk = the_desk()
    at = desk.clock.now()
    with desk.store.reading() as connection:
        facts = present.now(connection, at, desk.sites)
        hours = present.last_whole_hour(at, desk.sites.timezone)
        facts = replace(facts, way_in=present.way_in(connection, desk.sites.site, hours))
        going_on = incidents.open_incidents(connection)
        waiting = complaints.waiting(connection)
    return overview(desk.sites, facts, going_on, waiting)
