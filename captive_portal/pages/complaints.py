"""/complaints: reporting a problem, and reading what became of it."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from captive_portal.complaints import LONGEST_CONTACT, LONGEST_KEY, LONGEST_TEXT, Complaint, Filed, file, find, key_of
from captive_portal.entered import plain
from captive_portal.pages.common import reader, wrong_status
from captive_portal.portal import Portal
from captive_portal.ways import guesses
from captive_portal.ways.hurdle import Hurdle, Wrong


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("complaints", __name__)
    pages.add_url_rule("/complaints", "form", lambda: _form(portal))
    pages.add_url_rule("/complaints", "file", lambda: _file(portal), methods=["POST"])
    pages.add_url_rule("/complaints/<int:number>", "filed", lambda number: _filed(portal, number))
    return pages


def _form(portal: Portal) -> AnyResponse:
    number, key = request.args.get("number", ""), request.args.get("key", "")
    if number.isascii() and number.isdigit() and len(number) < 16:
        return redirect(url_for("complaints.filed", number=int(number), key=key, lang=g.language), 303)
    return make_response(_form_page(portal, chosen=request.args.get("site", "")))


def _file(portal: Portal) -> AnyResponse:
    site = request.form.get("site", "")
    text = plain(request.form.get("text", "")).strip()
    contact = plain(request.form.get("contact", "")).strip()
    nonce = request.form.get("nonce", "")
    wrong = _wrong(portal, site, text, contact)
    if wrong or len(nonce) < 16:
        return Response(_form_page(portal, site, text, contact, wrong or "again"), 400)
    complaint = Complaint(site, g.language, text, contact or None, key_of(nonce), int(portal.now()))
    number = file(portal.store, portal.sites, complaint)
    return redirect(url_for("complaints.filed", number=number, key=complaint.key, lang=g.language), 303)


def _wrong(portal: Portal, site: str, text: str, contact: str) -> str | None:
    if site not in portal.sites.site:
        return "site"
    if not text or len(text) > LONGEST_TEXT:
        return "text"
    return "contact" if len(contact) > LONGEST_CONTACT else None


def _form_page(portal: Portal, chosen: str = "", text: str = "", contact: str = "", wrong: str | None = None) -> str:
    known = portal.lookout.of(chosen, portal.now()).dark if chosen in portal.sites.site else None
    return render_template(
        "complaint_form.html",
        sites=portal.sites,
        chosen=chosen,
        known=known,
        text=text,
        contact=contact,
        wrong=wrong,
        nonce=secrets.token_urlsafe(16),
    )


def _filed(portal: Portal, number: int) -> Response:
    """A key is six letters long, so that it may be guessed no oftener than a code that lets somebody in."""
    key = plain(request.args.get("key", "")[:LONGEST_KEY])
    found = guesses.look_up(portal.reception, reader(), portal.now(), lambda: _found(portal, number, key))
    wrong = found if isinstance(found, Wrong) else None
    page = render_template(
        "complaint_filed.html", filed=None if wrong else found, wrong=wrong, key=key, sites=portal.sites
    )
    if wrong is None:
        return make_response(page)
    return make_response(page, 404 if wrong.reason is Hurdle.CODE_WRONG else wrong_status(wrong))


def _found(portal: Portal, number: int, key: str) -> Filed | None:
    return find(portal.store, number, key) if number < 2**63 else None
