"""The months that have figures, and how each becomes a file."""

from __future__ import annotations

from flask import Blueprint, render_template

from hotspot.clock import local_month
from office.desk import the_desk
from office.gather import days

pages = Blueprint("reports", __name__)


@pages.get("/reports")
def show() -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        months = days.months(connection)
    return render_template("reports.html", months=months, running=local_month(desk.clock.now(), desk.sites.timezone))
