"""All incidents: those going on, and those of the last thirty days."""

from __future__ import annotations

from flask import Blueprint, render_template

from office.desk import the_desk
from office.gather import incidents
from office.overview import incident_rows

BACK = 30 * 24 * 3600  # seconds

pages = Blueprint("incidents", __name__)


@pages.get("/incidents")
def show() -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        going_on = incidents.open_incidents(connection)
        past = incidents.closed_since(connection, desk.clock.now() - BACK)
    return render_template(
        "incidents.html", open=incident_rows(desk.sites, going_on), past=incident_rows(desk.sites, past)
    )
