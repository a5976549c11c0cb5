"""POST /opinion: one answer to the visit's question, for a visit that is known here; nobody stands in it."""

from __future__ import annotations

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from captive_portal.opinion import GRADES, Answer, element_of, give, visit_of
from captive_portal.portal import Portal
from captive_portal.visit import Progress, find
from hotspot.grants import is_grant_id


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("opinion", __name__)
    pages.add_url_rule("/opinion", "opinion", lambda: _opinion(portal), methods=["POST"])
    pages.app_context_processor(lambda: {"element_of": element_of, "grades": GRADES})
    return pages


def _opinion(portal: Portal) -> Response:
    """Whoever was online under this grant may say how it was; the question is ours to choose, not the form's."""
    grant_id, grade = request.form.get("grant", ""), request.form.get("grade", "")
    if not is_grant_id(grant_id) or grade not in {str(known) for known in GRADES}:
        return redirect(url_for("status.status", lang=g.language), 303)
    with portal.store.writing() as connection:
        visit = find(connection, portal.sites, grant_id, portal.now())
        if visit is not None and visit.progress is not Progress.WAITING:
            key = visit_of(portal.grant_key, grant_id)
            give(connection, Answer(key, visit.site, element_of(grant_id), int(grade), portal.now()))
    return redirect(url_for("status.status", grant=grant_id, thanked=1, lang=g.language), 303)
