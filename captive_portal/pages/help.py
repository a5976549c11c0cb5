"""/, /services, /notice, /complaints: what anyone may read, and how to report a problem."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from captive_portal.complaints import LONGEST_CONTACT, LONGEST_TEXT, Complaint, file, find, key_of
from captive_portal.portal import Portal


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("help", __name__)
    pages.add_url_rule("/", "home", lambda: _home(portal))
    pages.add_url_rule("/services", "services", lambda: render_template("services.html", sites=portal.sites))
    pages.add_url_rule("/notice", "notice", lambda: render_template("notice.html", retention=portal.sites.retention))
    pages.add_url_rule("/complaints", "form", lambda: _form(portal))
    pages.add_url_rule("/complaints", "file", lambda: _file(portal), methods=["POST"])
    pages.add_url_rule("/complaints/<int:number>", "filed", lambda number: _filed(portal, number))
    return pages


def _home(portal: Portal) -> str:
    now, zone = portal.now(), portal.sites.timezone
    open_now = {site.id for site in portal.sites.sites if site.hours.daily.is_open(now, zone)}
    return render_template("home.html", sites=portal.sites, open_now=open_now)


def _form(portal: Portal) -> AnyResponse:
    number, key = request.args.get("number", ""), request.args.get("key", "")
    if number.isascii() and number.isdigit() and len(number) < 16:
        return redirect(url_for("help.filed", number=int(number), key=key, lang=g.language), 303)
    return make_response(_form_page(portal, chosen=request.args.get("site", "")))


def _file(portal: Portal) -> AnyResponse:
    site = request.form.get("site", "")
    text = request.form.get("text", "").strip()
    contact = request.form.get("contact", "").strip()
    nonce = request.form.get("nonce", "")
    wrong = _wrong(portal, site, text, contact)
    if wrong or len(nonce) < 16:
        return Response(_form_page(portal, site, text, contact, wrong or "again"), 400)
    complaint = Complaint(site, g.language, text, contact or None, key_of(nonce), int(portal.now()))
    number = file(portal.store, complaint)
    return redirect(url_for("help.filed", number=number, key=complaint.key, lang=g.language), 303)


def _wrong(portal: Portal, site: str, text: str, contact: str) -> str | None:
    if site not in portal.sites.site:
        return "site"
    if not text or len(text) > LONGEST_TEXT:
        return "text"
    return "contact" if len(contact) > LONGEST_CONTACT else None


def _form_page(portal: Portal, chosen: str = "", text: str = "", contact: str = "", wrong: str | None = None) -> str:
    return render_template(
        "complaint_form.html",
        sites=portal.sites,
        chosen=chosen,
        text=text,
        contact=contact,
        wrong=wrong,
        nonce=secrets.token_urlsafe(16),
    )


def _filed(portal: Portal, number: int) -> Response:
    key = request.args.get("key", "")
    filed = find(portal.store, number, key) if number < 2**63 else None
    page = render_template("complaint_filed.html", filed=filed, key=key, sites=portal.sites)
    return make_response(page, 200 if filed else 404)
