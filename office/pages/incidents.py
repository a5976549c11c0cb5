"""Incidents: those going on and those of the last thirty days; one with its story, who takes it, and a text to send."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from office import accounts
from office.desk import me, the_desk, write_down
from office.gather import incidents, notes
from office.gather.notes import ACKNOWLEDGE, ASSIGN, NOTE, Note
from office.gather.now import conditions
from office.moments import words
from office.overview import incident_rows, subject_name
from office.roles import Role

BACK = 30 * 24 * 3600  # seconds
LONGEST_NOTE = 2000

pages = Blueprint("incidents", __name__)


@pages.get("/incidents")
def show() -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        going_on = incidents.open_incidents(connection)
        past = incidents.closed_since(connection, desk.clock.now() - BACK)
        care = notes.care(connection, [one.id for one in (*going_on, *past)])
    return render_template(
        "incidents.html", open=incident_rows(desk.sites, going_on), past=incident_rows(desk.sites, past), care=care
    )


@pages.get("/incidents/<int:number>")
def one(number: int) -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        incident = incidents.find(connection, number) or abort(404)
        story = notes.of(connection, "incident", number)
        care = notes.care(connection, [number]).get(number)
        people = [one.name for one in accounts.everybody(connection) if not one.disabled and one.role is Role.ADMIN]
        found = conditions(connection)
    members = [(subject, subject_name(subject, desk.sites), found.get(subject)) for subject in incident.members]
    row = incident_rows(desk.sites, (incident,))[0]
    return render_template("incident.html", row=row, story=story, care=care, people=people, members=members)


@pages.post("/incidents/<int:number>/note")
def note(number: int) -> Response:
    text = words(request.form.get("text", ""), LONGEST_NOTE)
    return _add(number, NOTE, text) if text else redirect(url_for("incidents.one", number=number), 303)


@pages.post("/incidents/<int:number>/acknowledge")
def acknowledge(number: int) -> Response:
    return _add(number, ACKNOWLEDGE, "")


@pages.post("/incidents/<int:number>/assign")
def assign(number: int) -> Response:
    name = request.form.get("to", "")
    with the_desk().store.reading() as connection:
        account = accounts.find(connection, name)
    if account is None or account.disabled or account.role is not Role.ADMIN:
        abort(400)
    return _add(number, ASSIGN, name)


def _add(number: int, act: str, text: str) -> Response:
    desk = the_desk()
    with desk.store.writing() as connection:
        incidents.find(connection, number) or abort(404)
        notes.add(connection, "incident", number, Note(act, text, me().name, int(desk.clock.now())))
        write_down(connection, f"incident.{act}", number, text if act == ASSIGN else "")
    return redirect(url_for("incidents.one", number=number), 303)
