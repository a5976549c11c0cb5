"""/arrive/<nas>: the page of one tap, and what else a NAS may send a visitor with; nothing is written here."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from captive_portal.doorstep import FLOW, LOOK, MARK, Look, is_personal, look_at
from captive_portal.failure import Failure
from captive_portal.flow import Flow, has_expired, is_fresh
from captive_portal.nas import Arrival, News
from captive_portal.pages import smart_client
from captive_portal.pages.common import failure_page, look_again, read_again, status_url
from captive_portal.pages.way import COOKIE
from captive_portal.portal import Portal
from captive_portal.query import Query
from captive_portal.ways.begun import Begun, begun
from hotspot.sites import Nas
from web.security import allow_form_target

TYPED = frozenset(("voucher", "code", "staff", "otp"))  # ways with something to type


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("arrive", __name__)
    pages.add_url_rule("/arrive/<nas_id>", "arrive", lambda nas_id: _arrive(portal, nas_id))
    return pages


def _arrive(portal: Portal, nas_id: str) -> AnyResponse:
    door = portal.doors.get(nas_id)
    if door is None:
        return failure_page(portal, Failure.UNKNOWN_PLACE)
    nas = door.nas
    if (look := request.environ.get(LOOK)) is not None:
        g.language = look.language
        flow = request.environ.get(FLOW)
        return _page(portal, nas, portal.sealer.seal(flow) if flow else MARK, look, _begun(portal, nas, flow))
    if token := request.args.get("flow"):
        return _resume(portal, nas, token)
    arrival = portal.kind(nas).arrive(Query.parse(request.query_string.decode("latin-1")), door)
    if not isinstance(arrival, Arrival):
        portal.counters.page(nas.site, g.language, arrival.value)
        return failure_page(portal, arrival, nas)
    if arrival.at is not None and not is_fresh(arrival.at, portal.now()):
        portal.counters.page(nas.site, g.language, Failure.FLOW_EXPIRED.value)
        return failure_page(portal, Failure.FLOW_EXPIRED, nas)
    return redirect(status_url(arrival.user, left="1" if arrival.news is News.LEFT else None))


def _resume(portal: Portal, nas: Nas, token: str) -> Response:
    """The page again, in another language or after a reload, from the flow that it carried."""
    flow = portal.sealer.open(token, portal.now())
    if flow is None or flow.nas != nas.id:
        return failure_page(portal, Failure.FLOW_BROKEN, nas)
    if has_expired(flow, portal.now()):
        return failure_page(portal, Failure.FLOW_EXPIRED, nas)
    look = look_at(portal, portal.doors[nas.id], g.language, None, portal.now())
    portal.counters.page(nas.site, g.language, "shown")
    still = "still" in request.args
    return _page(portal, nas, portal.sealer.seal(flow), look, _begun(portal, nas, flow), still=still)


def _begun(portal: Portal, nas: Nas, flow: Flow | None) -> Begun:
    policy = portal.policy_of(portal.site_of(nas))
    if flow is None or not is_personal(policy):
        return Begun()
    return begun(portal.reception, policy, flow, request.cookies.get(COOKIE, ""), portal.now())


def _page(portal: Portal, nas: Nas, token: str, look: Look, begun_by: Begun, *, still: bool = False) -> Response:
    """Dark or full, it looks again by itself, by way of the NAS: what it carries would grow too old.

    Not where something may be half typed, nor for whoever told it to be ``still`` (WCAG 2.2.1).
    """
    site, door = portal.site_of(nas), portal.doors[nas.id]
    policy = portal.sites.policies[look.policy]
    wants_change = look.outlook.dark or look.outlook.full or look.outlook.away
    looks = bool(wants_change) and not still and not TYPED & set(policy.ways)
    entrance = portal.kind(nas).entrance(door)
    read_again(f"/arrive/{nas.id}", flow=token)
    allow_form_target(entrance)
    allow_form_target(portal.url)  # where the NAS sends the browser back to, should this page bear another name
    page = make_response(
        render_template(
            "arrive.html",
            site=site,
            nas=nas,
            policy=policy,
            flow=token,
            failed=look.failed.value if look.failed else None,
            outlook=look.outlook,
            opens=look.opens,
            because=look.because,
            begun=begun_by,
            entrance=entrance,
            looks=looks,
        )
    )
    if looks:
        look_again(page, 60, entrance)
    if smart_client.is_here():
        smart_client.tell(page, smart_client.invitation(portal, door, token, look.failed))
    return page
