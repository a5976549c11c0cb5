"""The months that have figures, each as files: as it was frozen, or as it stands now."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from hotspot.clock import local_month
from hotspot.command import OperatorError
from hotspot.tables import frozen_months
from office.desk import the_desk, write_down
from office.gather import days
from office.report import contractor_file, evidence
from office.report.bind import bind
from office.report.book import one_site
from office.report.chapters import monthly
from office.report.formats import FORMATS, TYPES
from office.report.freeze import freeze, has_figures, obstacle
from office.report.issue import Issue
from office.report.publish import issue

pages = Blueprint("reports", __name__)


@pages.get("/reports")
def show() -> str:
    return _page()


@pages.get("/reports/<month>")
def one(month: str) -> str | tuple[str, int]:
    """A month on the screen: the letter's own words and tables."""
    made = _issue(month)
    if isinstance(made, str):
        return _page(made), 500
    return render_template("report.html", issue=made, document=monthly(made), kinds=FORMATS)


@pages.get("/reports/<month>.<kind>")
def file(month: str, kind: str) -> Response | tuple[str, int]:
    if kind not in FORMATS:
        abort(404)
    made = _issue(month)
    if isinstance(made, str):
        return _page(made), 500
    return _download(FORMATS[kind](made), TYPES[kind], f"wifi-{month}.{kind}")


@pages.get("/reports/<month>/contractor.csv")
def contractor(month: str) -> Response | tuple[str, int]:
    made = _issue(month)
    if isinstance(made, str):
        return _page(made), 500
    return _download(contractor_file.write(made), TYPES["csv"], f"kontraktor-{month}.csv")


@pages.get("/reports/<month>/<site>.zip")
def proof(month: str, site: str) -> Response | tuple[str, int]:
    """The pack for a member of the DPRD."""
    made = _issue(month)
    if isinstance(made, str):
        return _page(made), 500
    page = one_site(made.book.sites, site)
    if page is None:
        abort(404)
    return _download(evidence.pack(made, page), "application/zip", f"bukti-{site}-{month}.zip")


@pages.get("/reports/<month>/freeze")
def confirm(month: str) -> str | tuple[str, int]:
    """What freezing means, and the figures that would stay for ever."""
    made = _issue(month)
    if isinstance(made, str):
        return _page(made), 500
    return _confirmation(month, made)


@pages.post("/reports/<month>/freeze")
def close(month: str) -> Answer | tuple[str, int]:
    """Close a month, in one transaction with the audit entry that says who did it."""
    desk = the_desk()
    made = _issue(month)
    if isinstance(made, str):
        return _page(made), 500
    with desk.store.writing() as connection:
        now = int(desk.clock.now())
        in_the_way = obstacle(connection, month, desk.sites, now)
        if in_the_way is None and has_figures(connection, desk.sites, month):
            closed = freeze(connection, bind(connection, desk.sites, month, now), desk.sites, now)
            write_down(connection, "report.freeze", month, closed.sha256)
            return redirect(url_for("reports.one", month=month), 303)
    return _confirmation(month, made), 409


def _confirmation(month: str, made: Issue) -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        in_the_way = obstacle(connection, month, desk.sites, int(desk.clock.now()))
        empty = not has_figures(connection, desk.sites, month)
    return render_template("freeze.html", issue=made, total=made.book.total, in_the_way=in_the_way, empty=empty)


def _issue(month: str) -> Issue | str:
    """The same as the command hotspot-report makes, or what is wrong with it."""
    desk = the_desk()
    now = desk.clock.now()
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month, re.ASCII) or month > local_month(now, desk.sites.timezone):
        abort(404)
    try:
        with desk.store.reading() as connection:
            return issue(connection, desk.sites, month, int(now))
    except OperatorError as error:
        return str(error)


def _download(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(problem: str | None = None) -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        query = select(frozen_months.c.month, frozen_months.c.sha256)
        closed = {row.month: row.sha256 for row in connection.execute(query)}
        months = sorted({*days.months(connection), *closed}, reverse=True)
    running = local_month(desk.clock.now(), desk.sites.timezone)
    return render_template(
        "reports.html", months=months, closed=closed, running=running, problem=problem, kinds=[*FORMATS]
    )
