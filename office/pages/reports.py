"""The months that have figures, each as a file: as it was frozen, or as it stands now."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, render_template
from sqlalchemy import Connection, select

from hotspot.clock import local_month
from hotspot.command import OperatorError
from hotspot.tables import frozen_months
from office.desk import the_desk
from office.gather import days
from office.report.figures import Report, report
from office.report.formats import FORMATS
from office.report.freeze import frozen
from office.report.gather import gather

pages = Blueprint("reports", __name__)


@pages.get("/reports")
def show() -> str:
    return _page()


@pages.get("/reports/<month>.csv")
def file(month: str) -> Response | tuple[str, int]:
    desk = the_desk()
    now = desk.clock.now()
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month) or month > local_month(now, desk.sites.timezone):
        abort(404)
    try:
        with desk.store.reading() as connection:
            content = FORMATS["csv"](_report(connection, month, int(now)))
    except OperatorError as error:
        return _page(str(error)), 500
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="wifi-{month}.csv"'
    return response


def _report(connection: Connection, month: str, now: int) -> Report:
    """The same as the command hotspot-report prints: a frozen month as it was frozen."""
    if closed := frozen(connection, month):
        return closed.report
    return report(month, gather(connection, the_desk().sites, month, now))


def _page(problem: str | None = None) -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        query = select(frozen_months.c.month, frozen_months.c.sha256)
        closed = {row.month: row.sha256 for row in connection.execute(query)}
        months = sorted({*days.months(connection), *closed}, reverse=True)
    running = local_month(desk.clock.now(), desk.sites.timezone)
    return render_template("reports.html", months=months, closed=closed, running=running, problem=problem)
