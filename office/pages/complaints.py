"""Complaints by the time left of the promise: entered by hand, passed to an OPD, answered, published."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from office import answer_texts, courier
from office.complaint_form import CHANNELS, LONGEST, SHORTEST, entry_of
from office.desk import me, the_desk, write_down
from office.facts import Complaint
from office.gather import complaints, incidents
from office.moments import written
from office.roles import Role, may

BACK = 30 * 24 * 3600  # seconds

pages = Blueprint("complaints", __name__)


@pages.get("/complaints")
def show() -> str:
    return _page()


@pages.get("/complaints/<int:number>")
def one(number: int) -> str:
    return _one(number)


@pages.post("/complaints/<int:number>/answer")
def answer(number: int) -> Response | tuple[str, int]:
    """An operator's answer is published at once; an OPD's waits for the operator, who looks for names in it."""
    desk = the_desk()
    text = " ".join(request.form.get("answer", "").split())
    _mine(number)
    if not SHORTEST <= len(text) <= LONGEST:
        return _page(number, "length", text), 422
    with desk.store.writing() as connection:
        done = complaints.answer(connection, number, text, me().name, desk.clock.now())
        if done:
            write_down(connection, "complaint.answer", number)
        if done and me().role is not Role.OPD:
            complaints.publish(connection, number, desk.clock.now())
    if not done:
        return _page(number, "taken"), 409
    return redirect(url_for("complaints.show", answered=number), 303)


@pages.post("/complaints/<int:number>/publish")
def publish(number: int) -> Response:
    desk = the_desk()
    with desk.store.writing() as connection:
        complaints.find(connection, number) or abort(404)
        if complaints.publish(connection, number, desk.clock.now()):
            write_down(connection, "complaint.publish", number)
    return redirect(url_for("complaints.one", number=number), 303)


@pages.post("/complaints/<int:number>/forward")
def forward(number: int) -> Response | tuple[str, int]:
    """Written down first, sent afterwards: a mail server that is slow holds no transaction."""
    desk = the_desk()
    opd = request.form.get("opd", "")
    if opd not in {one.id for one in desk.sites.opd}:
        abort(400)
    with desk.store.writing() as connection:
        complaint = complaints.find(connection, number) or abort(404)
        if not complaints.forward(connection, number, opd, desk.clock.now()):
            return _page(number, "taken"), 409
        write_down(connection, "complaint.forward", number, opd)
    failed = courier.pass_on(desk, complaint, opd)
    return redirect(url_for("complaints.one", number=number, failed=",".join(failed) or None), 303)


@pages.get("/complaints/new")
def form() -> str:
    return _form()


@pages.post("/complaints/new")
def enter() -> Response | tuple[str, int]:
    desk = the_desk()
    entry = entry_of(request.form, desk.sites, desk.clock.now())
    if isinstance(entry, str):
        return _form(entry), 422
    row = {**entry, "key": secrets.token_hex(4), "language": desk.sites.languages[0], "entered_by": me().name}
    with desk.store.writing() as connection:
        number = complaints.enter(connection, row)
        write_down(connection, "complaint.enter", number, str(entry["channel"]))
    return redirect(url_for("complaints.one", number=number), 303)


def _mine(number: int) -> Complaint:
    """The complaint, when this person may see it: an OPD's responder sees that OPD's."""
    with the_desk().store.reading() as connection:
        complaint = complaints.find(connection, number) or abort(404)
    if me().role is Role.OPD and complaint.opd != me().opd:
        abort(404)
    return complaint


def _page(number: int | None = None, problem: str | None = None, draft: str = "") -> str:
    desk = the_desk()
    at = desk.clock.now()
    with desk.store.reading() as connection:
        waiting = complaints.waiting(connection)
        answered = complaints.answered_since(connection, at - BACK)
    if me().role is Role.OPD:
        waiting = tuple(one for one in waiting if one.opd == me().opd)
        answered = tuple(one for one in answered if one.opd == me().opd)
    return render_template(
        "complaints.html",
        waiting=waiting,
        answered=answered,
        on_time=sum(complaint.on_time for complaint in answered),
        sites=desk.sites.site,
        opds={opd.id: opd.name for opd in desk.sites.opd},
        just_answered=request.args.get("answered", type=int),
        number=number,
        problem=problem,
        draft=draft,
        limits=(SHORTEST, LONGEST),
    )


def _one(number: int) -> str:
    desk, complaint = the_desk(), _mine(number)
    reply = (
        courier.link(desk, complaint, complaint.opd)
        if complaint.opd and may(me().role, "complaints.forward", reads=True)
        else None
    )
    with desk.store.reading() as connection:
        incident = incidents.find(connection, complaint.incident) if complaint.incident else None
    texts = answer_texts.fitting(incident)
    return render_template(
        "complaint.html",
        one=complaint,
        incident=incident,
        texts=texts,
        text=answer_texts.chosen(request.args.get("text", ""), texts),
        portal=desk.sites.office.portal_url,
        site=desk.sites.site.get(complaint.site),
        opds=desk.sites.opd,
        reply=reply,
        outside=desk.outside,
        failed=request.args.get("failed", ""),
        limits=(SHORTEST, LONGEST),
    )


def _form(problem: str = "") -> str:
    desk = the_desk()
    zone = desk.sites.timezone
    return render_template(
        "complaint_form.html",
        problem=problem,
        form=request.form,
        channels=CHANNELS,
        sites=desk.sites,
        received=request.form.get("received") or written(desk.clock.now(), zone),
    )
