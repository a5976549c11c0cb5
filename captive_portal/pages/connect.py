"""POST /connect: the visitor proves who is counted, by one of the ways; then a full-page navigation back to the NAS."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from captive_portal import grace
from captive_portal.failure import Failure
from captive_portal.flow import Flow, has_expired
from captive_portal.funnel import REFUSED, Step, family_of
from captive_portal.mint import Minted, Wish, granted, mint
from captive_portal.nas import Posting
from captive_portal.pages.common import failure_page, look_again, read_again, status_url
from captive_portal.pages.way import way_page
from captive_portal.portal import Portal
from captive_portal.visit import Visit
from captive_portal.ways import WAYS, Proved, Visitor, Wait, Wrong
from hotspot import clients
from hotspot.grants import new_id, password
from hotspot.policy import GRACE, Reason, Refuse
from hotspot.sites import Nas
from web.security import allow_form_target

_MOMENT = 3  # seconds in which RADIUS ends the short visit


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("connect", __name__)
    pages.add_url_rule("/connect", "connect", lambda: _connect(portal), methods=["POST"])
    return pages


def _connect(portal: Portal) -> AnyResponse:
    flow = portal.sealer.open(request.form.get("flow", ""), portal.now())
    door = portal.doors.get(flow.nas) if flow else None
    if flow is None or door is None:
        return failure_page(portal, Failure.FLOW_BROKEN)
    if has_expired(flow, portal.now()):
        return failure_page(portal, Failure.FLOW_EXPIRED, door.nas)
    read_again(f"/arrive/{door.nas.id}", flow=portal.sealer.seal(flow))
    if earlier := granted(portal.store, flow.id):  # a double tap: the code may be used up by now
        return _release(portal, door.nas, flow, Minted(earlier, repeated=True))
    return _prove(portal, door.nas, flow, request.form.get("way", "tap")[:16])


def _prove(portal: Portal, nas: Nas, flow: Flow, way: str) -> AnyResponse:
    site = portal.site_of(nas)
    policy = portal.policy_of(site)
    if way not in WAYS or (way not in policy.ways and way != "again"):
        return _refused(portal, nas, "other", Refuse(Reason.WAY))
    portal.funnel.count(nas.site, family_of(request.headers.get("User-Agent", "")), Step.SUBMIT)
    visitor = Visitor(flow, site, policy, request.form.to_dict(), g.language, portal.now())
    outcome = WAYS[way].prove(portal.reception, visitor)
    if isinstance(outcome, Wrong):
        portal.counters.grant(nas.site, way, outcome.reason.value)
        portal.funnel.count(nas.site, outcome.reason.value, REFUSED)
        return way_page(portal, nas, flow, way, outcome)
    if isinstance(outcome, Wait):
        return _wait(portal, nas, visitor)
    minted = mint(portal.store, portal.sites, portal.grant_key, _wish(portal, flow, outcome))
    if isinstance(minted, Refuse):
        return _refused(portal, nas, way, minted)
    portal.counters.grant(nas.site, way, "repeated" if minted.repeated else "granted")
    family = family_of(request.headers.get("User-Agent", ""))
    portal.funnel.follow(minted.grant.id, nas.site, family, portal.now(), flow.at)
    short = grace.online(portal, nas, flow.mac)
    if short or grace.WITHIN in flow.keys:
        return _after_grace(portal, nas, short)
    return _release(portal, nas, flow, minted)


def _wait(portal: Portal, nas: Nas, visitor: Visitor) -> AnyResponse:
    """The page that waits for a message, by way of the NAS where a short visit lets the message come."""
    page = url_for("way.wait", flow=portal.sealer.seal(visitor.flow), lang=g.language)
    if not grace.may_have(portal, nas, visitor.policy, visitor.flow.mac):
        return redirect(page, 303)
    flow = replace(visitor.flow, id=grace.flow_id(visitor.flow.id))
    wish = _wish(portal, flow, Proved(clients.of_mac(portal.grant_key, flow.mac), GRACE))
    minted = mint(portal.store, portal.sites, portal.grant_key, wish)
    if isinstance(minted, Refuse) or minted.grant.expires_at <= portal.now():
        return redirect(page, 303)
    return _leave(portal, nas, flow, minted, page)


def _after_grace(portal: Portal, nas: Nas, short: Visit | None) -> AnyResponse:
    """The short visit has to end first: a router takes no login from a phone that is in, and its challenge is old.

    The phone is remembered by now: RADIUS knows it, or the page of the Wi-Fi lets it go on with one tap.
    """
    if short:
        grace.end(portal, short)
    onward = portal.kind(nas).entrance(portal.doors[nas.id])
    page = make_response(render_template("moment.html", site=portal.site_of(nas), onward=onward))
    look_again(page, _MOMENT, onward)
    return page


def _refused(portal: Portal, nas: Nas, way: str, refusal: Refuse) -> AnyResponse:
    portal.counters.grant(nas.site, way, refusal.reason.value)
    portal.funnel.count(nas.site, refusal.reason.value, REFUSED)
    return failure_page(portal, refusal.reason, nas, refusal.until)


def _wish(portal: Portal, flow: Flow, proved: Proved) -> Wish:
    if g.language not in portal.notices:
        notice = render_template("_notice_text.html", retention=portal.sites.retention)
        portal.notices[g.language] = hashlib.sha256(notice.encode()).hexdigest()
    return Wish(
        flow=flow,
        way=proved.way,
        client=proved.client,
        notice=portal.notices[g.language],
        language=g.language,
        at=portal.now(),
        grant_id=new_id(secrets.token_bytes(10)),
        otp=proved.otp,
        voucher=proved.voucher,
    )


def _release(portal: Portal, nas: Nas, flow: Flow, minted: Minted) -> AnyResponse:
    if minted.grant.expires_at <= portal.now():
        return failure_page(portal, Failure.FLOW_EXPIRED, nas)
    return _leave(portal, nas, flow, minted, status_url(minted.grant.id, lang=g.language))


def _leave(portal: Portal, nas: Nas, flow: Flow, minted: Minted, page: str) -> AnyResponse:
    """To the NAS, and from there to a page of ours."""
    after = f"{portal.url}{page}"
    secret = password(portal.grant_key, minted.grant.id)
    door = portal.doors[nas.id]
    onward = portal.kind(nas).release(flow.keys, door, minted.grant.id, secret, after)
    if isinstance(onward, Posting):
        allow_form_target(onward.url)
        return make_response(render_template("hand_over.html", site=portal.site_of(nas), posting=onward))
    return redirect(onward, 303)
