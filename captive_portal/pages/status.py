"""/status, /extend: what became of this visit, found by the grant's id that only the visitor's address carries."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from captive_portal import grace
from captive_portal.extension import Extension, extend, more_time
from captive_portal.failure import recognise
from captive_portal.pages import smart_client
from captive_portal.pages.common import failure_page, language_of_tap, look_again
from captive_portal.portal import Portal
from captive_portal.return_code import return_code
from captive_portal.visit import Progress, Visit, find
from hotspot.grants import is_grant_id
from hotspot.policy import GRACE, Refuse
from hotspot.sites import Nas

_SOON = 3  # seconds; a router answers within one


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("status", __name__)
    pages.add_url_rule("/status", "status", lambda: _status(portal))
    pages.add_url_rule("/extend", "extend", lambda: _extend(portal), methods=["POST"])
    return pages


def _status(portal: Portal) -> AnyResponse:
    visit = _visit(portal, request.args.get("grant", ""))
    page = _shown(portal, visit)
    if isinstance(page, Response) and smart_client.is_here():
        smart_client.tell(page, smart_client.outcome_of(portal, visit, left="left" in request.args))
    return page


def _shown(portal: Portal, visit: Visit | None) -> AnyResponse:
    if visit is None or visit.nas not in portal.doors:
        return make_response(render_template("status.html", visit=None, left="left" in request.args))
    if visit.refused and visit.progress in (Progress.WAITING, Progress.LAPSED):
        return failure_page(portal, recognise(visit.refused), portal.sites.nas[visit.nas])
    if visit.way == GRACE and visit.progress is Progress.ONLINE and (flow := grace.flow_within(portal, visit)):
        return redirect(url_for("way.wait", flow=portal.sealer.seal(flow), lang=g.language))
    again = url_for("status.status", grant=visit.grant_id, lang=g.language)
    page = make_response(_page(portal, portal.sites.nas[visit.nas], visit, again))
    if visit.progress is Progress.WAITING and "still" not in request.args:
        look_again(page, _SOON, again)
    return page


def _page(portal: Portal, nas: Nas, visit: Visit, again: str) -> str:
    kind, door, site = portal.kind(nas), portal.doors[nas.id], portal.sites.site[visit.site]
    offered = more_time(portal.sites, visit, portal.now())
    return render_template(
        "status.html",
        visit=visit,
        left="left" in request.args,
        waiting=visit.progress is Progress.WAITING,
        looks="still" not in request.args,
        again=again,
        extended="extended" in request.args,
        return_code=return_code(portal, visit),
        can_extend=offered.seconds if isinstance(offered, Extension) else 0,
        site=site,
        policy=portal.sites.policy_of(site),
        logout=kind.logout(door, visit.grant_id),
        entrance=kind.entrance(door),
    )


def _extend(portal: Portal) -> AnyResponse:
    """Only for a visit that is online under this grant; RADIUS computes what it may have and tells the NAS."""
    visit = _visit(portal, request.form.get("grant", ""))
    if visit is None or visit.nas not in portal.doors:
        return redirect(url_for("status.status", lang=g.language), 303)
    offered = more_time(portal.sites, visit, portal.now())
    if isinstance(offered, Refuse):
        return failure_page(portal, offered.reason, portal.sites.nas[visit.nas], offered.until)
    if isinstance(offered, Extension):
        extend(portal.store, visit, portal.now())
    return redirect(url_for("status.status", grant=visit.grant_id, extended=1, lang=g.language), 303)


def _visit(portal: Portal, grant_id: str) -> Visit | None:
    if not is_grant_id(grant_id):
        return None
    with portal.store.reading() as connection:
        visit = find(connection, portal.sites, grant_id, portal.now())
    language_of_tap(portal, visit)
    return visit
