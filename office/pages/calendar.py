"""Events such as Lebaran or a car free day: in their time a site follows another policy, or is open or closed."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hotspot.clock import local_day
from office.crowds import crowds
from office.desk import me, the_desk, write_down
from office.gather import days, plans
from office.gather.plans import Event
from office.moments import moment, words, written
from office.report.events import Lesson
from office.report.upcoming import lessons

BACK = 400 * 86400  # seconds: last year's event is what this year's is planned by
LONGEST = 60 * 86400

pages = Blueprint("calendar", __name__)


@pages.get("/calendar")
def show() -> str:
    return _page()


@pages.post("/calendar")
def add() -> Response | tuple[str, int]:
    desk = the_desk()
    form, sites, now = request.form, desk.sites, desk.clock.now()
    began, ends = (moment(form.get(name, ""), sites.timezone) for name in ("from", "until"))
    label, site = words(form.get("label", ""), 64), form.get("site") or None
    policy, doors = form.get("policy") or None, form.get("doors") or None
    if began is None or ends is None or not began < ends <= began + LONGEST or ends <= now:
        return _page("time"), 422
    wrong = (site and site not in sites.site) or (policy and policy not in sites.policies)
    if not label or wrong or doors not in (None, "open", "closed"):
        return _page("what"), 422
    with desk.store.writing() as connection:
        made = plans.add_event(connection, Event(label, site, began, ends, policy, doors, me().name), now)
        write_down(connection, "calendar.add", made, label)
    return redirect(url_for("calendar.show"), 303)


@pages.post("/calendar/<int:number>/remove")
def remove(number: int) -> Response:
    desk = the_desk()
    with desk.store.writing() as connection:
        if plans.cancel_event(connection, number, desk.clock.now()):
            write_down(connection, "calendar.remove", number)
    return redirect(url_for("calendar.show"), 303)


def _page(problem: str = "") -> str:
    desk = the_desk()
    sites, now = desk.sites, desk.clock.now()
    first = (date.fromisoformat(local_day(now, sites.timezone)) - timedelta(days=BACK // 86400)).isoformat()
    with desk.store.reading() as connection:
        found = plans.events(connection, now - BACK)
        known = days.days(connection, first, local_day(now, sites.timezone), sites.timezone)
        learned: defaultdict[tuple[str, int], list[Lesson]] = defaultdict(list)
        for one in lessons(connection, sites, int(now)):
            learned[one.label, one.begins_at].append(one)
    full = {
        event.id: crowds(event, known, sites) for event in found if event.ends_at <= now and event.cancelled_at is None
    }
    return render_template(
        "calendar.html",
        coming=[event for event in found if event.ends_at > now],
        past=[event for event in found if event.ends_at <= now][::-1],
        full=full,
        learned=learned,
        sites=sites,
        problem=problem,
        form=request.form,
        begins=request.form.get("from") or written(now + 86400, sites.timezone),
        ends=request.form.get("until") or written(now + 2 * 86400, sites.timezone),
    )
