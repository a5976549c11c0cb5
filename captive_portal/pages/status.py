"""/status, /my-data: what became of this visit, found by the grant's id that only the visitor's address carries."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request

from captive_portal.portal import Portal
from captive_portal.visit import Progress, Visit, find
from hotspot.grants import is_grant_id
from hotspot.nas import NAS_KINDS


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("status", __name__)
    pages.add_url_rule("/status", "status", lambda: _status(portal))
    pages.add_url_rule("/my-data", "my_data", lambda: _my_data(portal))
    return pages


def _status(portal: Portal) -> str:
    visit = _visit(portal)
    if visit is None or visit.nas not in portal.doors:
        return render_template("status.html", visit=None, left="left" in request.args)
    nas = portal.sites.nas[visit.nas]
    kind, door = portal.kind(nas), portal.doors[nas.id]
    return render_template(
        "status.html",
        visit=visit,
        left="left" in request.args,
        waiting=visit.progress is Progress.WAITING,
        site=portal.sites.site[visit.site],
        policy=portal.sites.policy_of(portal.sites.site[visit.site]),
        logout=kind.logout(door),
        entrance=kind.entrance(door),
        counts=NAS_KINDS[nas.kind].speaks_radius,
        services=portal.sites.services,
    )


def _my_data(portal: Portal) -> str:
    visit = _visit(portal)
    return render_template(
        "my_data.html",
        visit=visit,
        site=portal.sites.site[visit.site] if visit else None,
        retention=portal.sites.retention,
    )


def _visit(portal: Portal) -> Visit | None:
    grant_id = request.args.get("grant", "")
    if not is_grant_id(grant_id):
        return None
    with portal.store.reading() as connection:
        visit = find(connection, portal.sites, grant_id, portal.now())
    if visit and visit.language in portal.sites.languages and "lang" not in request.args:
        g.language = visit.language  # a router's success page does not carry the visitor's choice
    return visit
