"""/arrive/<nas>: the visitor as the NAS sends them, and the one-tap page; nothing is written here."""

from __future__ import annotations

import secrets
from enum import StrEnum

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from captive_portal.failure import Failure, recognise
from captive_portal.flow import Flow, has_expired, is_fresh
from captive_portal.nas import Arrival, News
from captive_portal.outage import dark_since
from captive_portal.pages.common import failure_page, read_again, status_url
from captive_portal.portal import Portal
from captive_portal.query import Query
from hotspot.sites import Nas
from web.security import allow_form_target


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("arrive", __name__)
    pages.add_url_rule("/arrive/<nas_id>", "arrive", lambda nas_id: _arrive(portal, nas_id))
    return pages


def _arrive(portal: Portal, nas_id: str) -> AnyResponse:
    door = portal.doors.get(nas_id)
    if door is None:
        return failure_page(portal, Failure.UNKNOWN_PLACE)
    nas = door.nas
    if token := request.args.get("flow"):
        return _resume(portal, nas, token)
    query = Query.parse(request.query_string.decode("latin-1"))
    arrival = portal.kind(nas).arrive(query, door)
    if not isinstance(arrival, Arrival):
        _count(portal, nas, arrival.value)
        return failure_page(portal, arrival, nas)
    if arrival.at is not None and not is_fresh(arrival.at, portal.now()):
        _count(portal, nas, Failure.FLOW_EXPIRED.value)
        return failure_page(portal, Failure.FLOW_EXPIRED, nas)
    if arrival.news is News.ONLINE:
        return redirect(status_url(arrival.user))
    if arrival.news is News.LEFT:
        return redirect(status_url(arrival.user, left="1"))
    flow = Flow(secrets.token_hex(12), nas.id, arrival.mac, arrival.ip, arrival.keys, int(portal.now()), arrival.proved)
    failed = recognise(arrival.says) if arrival.news is News.FAILED else None
    return _page(portal, nas, flow, failed)


def _resume(portal: Portal, nas: Nas, token: str) -> Response:
    """The page again, in another language or after a reload, from the flow that it carried."""
    flow = portal.sealer.open(token, portal.now())
    if flow is None or flow.nas != nas.id:
        return failure_page(portal, Failure.FLOW_BROKEN, nas)
    if has_expired(flow, portal.now()):
        return failure_page(portal, Failure.FLOW_EXPIRED, nas)
    return _page(portal, nas, flow, None)


def _page(portal: Portal, nas: Nas, flow: Flow, failed: StrEnum | None) -> Response:
    site, now = portal.site_of(nas), portal.now()
    with portal.store.reading() as connection:
        dark = dark_since(connection, portal.sites, site.id, now)
    hours = site.hours.daily
    token = portal.sealer.seal(flow)
    read_again(f"/arrive/{nas.id}", flow=token)
    allow_form_target(portal.kind(nas).entrance(portal.doors[nas.id]))
    allow_form_target(portal.url)  # where the NAS sends the browser back to, should this page bear another name
    _count(portal, nas, failed.value if failed else "shown")
    return make_response(
        render_template(
            "arrive.html",
            site=site,
            policy=portal.sites.policy_of(site),
            flow=token,
            failed=failed.value if failed else None,
            dark=dark,
            opens=None if hours.is_open(now, portal.sites.timezone) else hours.opens_after(now, portal.sites.timezone),
            services=portal.sites.services,
        )
    )


def _count(portal: Portal, nas: Nas, result: str) -> None:
    portal.counters.page(nas.site, g.language, result)
