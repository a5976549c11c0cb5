"""Complaints by the time left of the two days' promise, and their answers."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from office.desk import the_desk
from office.gather import complaints

BACK = 30 * 24 * 3600  # seconds
SHORTEST, LONGEST = 10, 2000  # characters of an answer

pages = Blueprint("complaints", __name__)


@pages.get("/complaints")
def show() -> str:
    return _page()


@pages.post("/complaints/<int:number>/answer")
def answer(number: int) -> Response | tuple[str, int]:
    desk = the_desk()
    text = " ".join(request.form.get("answer", "").split())
    if not SHORTEST <= len(text) <= LONGEST:
        return _page(number, "length", text), 422
    with desk.store.writing() as connection:
        if complaints.find(connection, number) is None:
            abort(404)
        done = complaints.answer(connection, number, text, g.who, desk.clock.now())
    if not done:
        return _page(number, "taken"), 409
    return redirect(url_for("complaints.show", answered=number), 303)


def _page(number: int | None = None, problem: str | None = None, draft: str = "") -> str:
    desk = the_desk()
    at = desk.clock.now()
    with desk.store.reading() as connection:
        waiting = complaints.waiting(connection)
        answered = complaints.answered_since(connection, at - BACK)
    return render_template(
        "complaints.html",
        waiting=waiting,
        answered=answered,
        on_time=sum(complaint.on_time for complaint in answered),
        sites=desk.sites.site,
        just_answered=request.args.get("answered", type=int),
        number=number,
        problem=problem,
        draft=draft,
        limits=(SHORTEST, LONGEST),
    )
