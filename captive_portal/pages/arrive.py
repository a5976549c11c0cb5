"""/arrive/<nas>: the visitor as the NAS sends them and the one-tap page; POST /connect: the tap, the first to write."""

from __future__ import annotations

import hashlib
import secrets
from enum import StrEnum

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from captive_portal.failure import Failure, recognise
from captive_portal.flow import Flow, has_expired
from captive_portal.mint import Minted, Wish, mint
from captive_portal.nas import Arrival, News
from captive_portal.outage import dark_since
from captive_portal.pages.common import failure_page, read_again
from captive_portal.portal import Portal
from captive_portal.query import Query
from hotspot.grants import is_grant_id, new_id, password
from hotspot.sites import Nas
from web.security import allow_form_target


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("arrive", __name__)
    pages.add_url_rule("/arrive/<nas_id>", "arrive", lambda nas_id: _arrive(portal, nas_id))
    pages.add_url_rule("/connect", "connect", lambda: _connect(portal), methods=["POST"])
    return pages


def _arrive(portal: Portal, nas_id: str) -> AnyResponse:
    nas = portal.sites.nas.get(nas_id)
    if nas is None:
        return failure_page(portal, Failure.UNKNOWN_PLACE)
    if token := request.args.get("flow"):
        return _resume(portal, nas, token)
    query = Query.parse(request.query_string.decode("latin-1"))
    arrival = portal.kind(nas).arrive(query, portal.doors[nas.id])
    if not isinstance(arrival, Arrival):
        _count(portal, nas, arrival.value)
        return failure_page(portal, arrival, nas)
    if arrival.news is News.ONLINE:
        return redirect(_status_url(arrival.user))
    if arrival.news is News.LEFT:
        return redirect(_status_url(arrival.user, left="1"))
    flow = Flow(secrets.token_hex(12), nas.id, arrival.mac, arrival.ip, arrival.keys, int(portal.now()))
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


def _connect(portal: Portal) -> AnyResponse:
    now = portal.now()
    flow = portal.sealer.open(request.form.get("flow", ""), now)
    nas = portal.sites.nas.get(flow.nas) if flow else None
    if flow is None or nas is None:
        return failure_page(portal, Failure.FLOW_BROKEN)
    if has_expired(flow, now):
        return failure_page(portal, Failure.FLOW_EXPIRED, nas)
    read_again(f"/arrive/{nas.id}", flow=portal.sealer.seal(flow))
    way = request.form.get("way", "tap")[:16]
    notice = hashlib.sha256(render_template("_notice_text.html", retention=portal.sites.retention).encode()).hexdigest()
    wish = Wish(flow, way, notice, g.language, now, new_id(secrets.token_bytes(10)))
    outcome = mint(portal.store, portal.sites, portal.keys, wish)
    known_way = way if way in portal.sites.policy_of(portal.site_of(nas)).ways else "other"
    if not isinstance(outcome, Minted):
        portal.counters.grant(nas.site, known_way, outcome.reason.value)
        return failure_page(portal, outcome.reason, nas, outcome.until)
    if outcome.grant.expires_at <= now:
        return failure_page(portal, Failure.FLOW_EXPIRED, nas)
    portal.counters.grant(nas.site, known_way, "repeated" if outcome.repeated else "granted")
    return redirect(_release_url(portal, nas, flow, outcome.grant.id), 303)


def _release_url(portal: Portal, nas: Nas, flow: Flow, grant_id: str) -> str:
    after = f"{portal.url}{_status_url(grant_id)}"
    secret = password(portal.grant_key, grant_id)
    return portal.kind(nas).release(flow.keys, portal.doors[nas.id], grant_id, secret, after)


def _status_url(user: str, left: str | None = None) -> str:
    """A NAS that names somebody else's user name (a MAC login) gets the general page."""
    grant = user if is_grant_id(user) else None
    return url_for("status.status", lang=g.language, grant=grant, left=left)


def _count(portal: Portal, nas: Nas, result: str) -> None:
    portal.counters.page(nas.site, g.language, result)
