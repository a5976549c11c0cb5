"""The page behind a signed link: an OPD answers one complaint without an account."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from office import audit, reply_link
from office.chain import Entry
from office.complaint_form import LONGEST, SHORTEST
from office.desk import the_desk
from office.facts import Complaint
from office.gather import complaints

pages = Blueprint("replies", __name__)


@pages.get("/reply/<int:number>")
def show(number: int) -> str | tuple[str, int]:
    return _page(*_asked(number))


@pages.post("/reply/<int:number>")
def save(number: int) -> str | tuple[str, int]:
    desk = the_desk()
    complaint, opd = _asked(number)
    text = " ".join(request.form.get("answer", "").split())
    if not SHORTEST <= len(text) <= LONGEST:
        return _page(complaint, opd, "length", text), 422
    with desk.store.writing() as connection:
        done = complaints.answer(connection, number, text, f"opd:{opd}", desk.clock.now())
        if done:
            entry = Entry(int(desk.wall.now()), f"opd:{opd}", "complaint.answer", str(number), "by link")
            audit.write(connection, entry)
    return _page(complaint, opd, "saved" if done else "taken")


def _asked(number: int) -> tuple[Complaint, str]:
    """The complaint and the OPD, when the link is ours, still good, and the complaint still that OPD's."""
    desk = the_desk()
    opd = reply_link.holds(desk.key.octets, number, request.args.to_dict(), desk.clock.now())
    if opd is None:
        abort(404)
    with desk.store.reading() as connection:
        complaint = complaints.find(connection, number) or abort(404)
    if complaint.opd != opd:
        abort(404)
    return complaint, opd


def _page(complaint: Complaint, opd: str, said: str = "", draft: str = "") -> str:
    sites = the_desk().sites
    name = next((one.name for one in sites.opd if one.id == opd), opd)
    site = sites.site.get(complaint.site)
    return render_template(
        "reply.html", one=complaint, opd=name, site=site, said=said, draft=draft, limits=(SHORTEST, LONGEST)
    )
