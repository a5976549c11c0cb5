"""POST /connect: the tap, which is the first to write; then a full-page navigation back to the NAS."""

from __future__ import annotations

import hashlib
import secrets

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from captive_portal.failure import Failure
from captive_portal.flow import Flow, has_expired
from captive_portal.mint import Minted, Wish, mint
from captive_portal.pages.common import failure_page, read_again, status_url
from captive_portal.portal import Portal
from hotspot import clients
from hotspot.grants import new_id, password
from hotspot.policy import Refuse
from hotspot.sites import Nas


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("connect", __name__)
    pages.add_url_rule("/connect", "connect", lambda: _connect(portal), methods=["POST"])
    return pages


def _connect(portal: Portal) -> AnyResponse:
    flow = portal.sealer.open(request.form.get("flow", ""), portal.now())
    door = portal.doors.get(flow.nas) if flow else None
    if flow is None or door is None:
        return failure_page(portal, Failure.FLOW_BROKEN)
    nas = door.nas
    if has_expired(flow, portal.now()):
        return failure_page(portal, Failure.FLOW_EXPIRED, nas)
    read_again(f"/arrive/{nas.id}", flow=portal.sealer.seal(flow))
    wish = _wish(portal, flow)
    outcome = mint(portal.store, portal.sites, portal.keys, wish)
    _count(portal, nas, wish.way, outcome)
    if not isinstance(outcome, Minted):
        return failure_page(portal, outcome.reason, nas, outcome.until)
    if outcome.grant.expires_at <= wish.at:
        return failure_page(portal, Failure.FLOW_EXPIRED, nas)
    return redirect(_release_url(portal, nas, flow, outcome.grant.id), 303)


def _wish(portal: Portal, flow: Flow) -> Wish:
    notice = render_template("_notice_text.html", retention=portal.sites.retention)
    return Wish(
        flow=flow,
        way=request.form.get("way", "tap")[:16],
        notice=hashlib.sha256(notice.encode()).hexdigest(),
        language=g.language,
        at=portal.now(),
        grant_id=new_id(secrets.token_bytes(10)),
        client=clients.of_mac(portal.grant_key, flow.mac),
    )


def _count(portal: Portal, nas: Nas, way: str, outcome: Minted | Refuse) -> None:
    """A way that the place does not have is nobody's label."""
    known = way if way in portal.sites.policy_of(portal.site_of(nas)).ways else "other"
    if isinstance(outcome, Minted):
        portal.counters.grant(nas.site, known, "repeated" if outcome.repeated else "granted")
    else:
        portal.counters.grant(nas.site, known, outcome.reason.value)


def _release_url(portal: Portal, nas: Nas, flow: Flow, grant_id: str) -> str:
    after = f"{portal.url}{status_url(grant_id, lang=g.language)}"
    secret = password(portal.grant_key, grant_id)
    return portal.kind(nas).release(flow.keys, portal.doors[nas.id], grant_id, secret, after)
