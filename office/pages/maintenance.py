"""Planned work: in its time nothing behind it raises an alarm, and the status page says so."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hotspot.sites import Sites
from office.desk import me, the_desk, write_down
from office.gather import plans
from office.gather.plans import Maintenance
from office.moments import moment, words, written
from office.overview import subject_name

BACK, LONGEST = 7 * 86400, 14 * 86400  # seconds

pages = Blueprint("maintenance", __name__)


@pages.get("/maintenance")
def show() -> str:
    return _page()


@pages.post("/maintenance")
def add() -> Response | tuple[str, int]:
    desk = the_desk()
    kind, _, subject = request.form.get("subject", "").partition(":")
    began, ends = (moment(request.form.get(name, ""), desk.sites.timezone) for name in ("from", "until"))
    reason = words(request.form.get("reason", ""), 200)
    if (kind, subject) not in subjects(desk.sites) or not reason:
        return _page("subject"), 422
    now = desk.clock.now()
    if began is None or ends is None or not began < ends <= began + LONGEST or ends <= now:
        return _page("time"), 422
    with desk.store.writing() as connection:
        made = plans.add_work(connection, Maintenance(kind, subject, reason, began, ends, me().name), now)
        write_down(connection, "maintenance.add", f"{kind} {subject}", f"{made}: {reason}")
    return redirect(url_for("maintenance.show"), 303)


@pages.post("/maintenance/<int:number>/cancel")
def cancel(number: int) -> Response:
    desk = the_desk()
    with desk.store.writing() as connection:
        if plans.cancel_work(connection, number, desk.clock.now()):
            write_down(connection, "maintenance.cancel", number)
    return redirect(url_for("maintenance.show"), 303)


def subjects(sites: Sites) -> dict[tuple[str, str], str]:
    """Everything that can be worked on, with its name (pure)."""
    found = [("site", site.id) for site in sites.sites]
    found += [("link", link.id) for link in sites.links if link.status == "active"]
    found += [("nas", nas.id) for nas in sites.nases] + [("device", device.id) for device in sites.devices]
    return {subject: subject_name(subject, sites) for subject in found}


def _page(problem: str = "") -> str:
    desk = the_desk()
    now = desk.clock.now()
    with desk.store.reading() as connection:
        works = plans.works(connection, now - BACK)
    return render_template(
        "maintenance.html",
        works=works,
        names=subjects(desk.sites),
        problem=problem,
        chosen=request.values.get("subject", ""),
        begins=request.form.get("from") or written(now, desk.sites.timezone),
        ends=request.form.get("until") or written(now + 7200, desk.sites.timezone),
    )
