"""/wispr: a smart client comes in with a voucher or a return code, asks what became of it, and is told in XML.

Such a client shows nobody a notice. So it lets in whoever agreed to one in a browser before, as what is remembered
tells; that notice stands in the consent.
"""

from __future__ import annotations

import secrets
from enum import StrEnum
from html import unescape

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from captive_portal import wispr
from captive_portal.failure import Failure
from captive_portal.flow import Flow, has_expired
from captive_portal.funnel import Step, family_of
from captive_portal.mint import Minted, Wish, mint
from captive_portal.nas import Door, Posting
from captive_portal.pages.common import status_url
from captive_portal.portal import Portal
from captive_portal.visit import Progress, Visit, find
from captive_portal.ways import Proved, Visitor, Wait, Wrong, memory, smart
from captive_portal.wispr import Code
from hotspot.grants import is_grant_id, new_id, password
from hotspot.policy import Reason, Refuse

_SILENT = (Failure.RADIUS_AWAY, Reason.BUSY)


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("smart_client", __name__)
    pages.add_url_rule("/wispr", "login", lambda: _login(portal), methods=["POST"])
    pages.add_url_rule("/wispr/result", "result", lambda: _result(portal))
    pages.add_url_rule("/wispr/abort", "abort", lambda: _said(wispr.aborted()), methods=["GET", "POST"])
    return pages


def is_here() -> bool:
    return wispr.is_smart_client(request.headers.get("User-Agent", ""))


def tell(page: Response, message: str) -> None:
    page.set_data(page.get_data() + message.encode())


def invitation(portal: Portal, door: Door, token: str, failed: StrEnum | None) -> str:
    """Behind the page of an arrival: where to log in, or why the login that led here was refused."""
    if failed:
        code = Code.SERVER_SILENT if failed in _SILENT else Code.REJECTED
        return wispr.reply(code, _words(failed))
    site = portal.site_of(door.nas)
    login = f"{portal.url}/wispr?flow={token}"
    return wispr.redirect(login, f"{portal.url}/wispr/abort", portal.sites.office.short, site.name)


def outcome_of(portal: Portal, visit: Visit | None, *, left: bool) -> str:
    """Behind the page of a visit: what became of the login that led here."""
    if left or visit is None:
        return wispr.logged_off() if left else ""
    code, words, urls = _outcome(portal, visit)
    return wispr.reply(code, words, **urls)


def _login(portal: Portal) -> AnyResponse:
    flow = portal.sealer.open(request.args.get("flow", ""), portal.now())
    door = portal.doors.get(flow.nas) if flow else None
    if flow is None or door is None or has_expired(flow, portal.now()):
        return _refused(Failure.FLOW_EXPIRED)
    policy = portal.policy_of(portal.site_of(door.nas))
    if not smart.OFFERED & set(policy.ways):
        return _refused("smart-tap")
    if isinstance(portal.kind(door.nas).release(flow.keys, door, "", "", ""), Posting):
        return _said(wispr.reply(Code.NOT_SET_UP, _words("smart-browser")))
    portal.funnel.count(door.nas.site, _family(), Step.SUBMIT)
    entered = {"name": request.form.get("UserName", ""), "code": request.form.get("UserName", "")}
    entered |= {"password": request.form.get("Password", "")}
    visitor = Visitor(flow, portal.site_of(door.nas), policy, entered, g.language, portal.now())
    proved = smart.prove(portal.reception, visitor)
    if isinstance(proved, Wrong | Wait):
        reason = proved.reason if isinstance(proved, Wrong) else Reason.WAY
        portal.counters.grant(door.nas.site, "smart", reason.value)
        return _refused(reason)
    return _let_in(portal, door, flow, proved)


def _let_in(portal: Portal, door: Door, flow: Flow, proved: Proved) -> AnyResponse:
    with portal.store.reading() as connection:
        agreed = memory.notice_of(connection, proved.client, portal.now())
    if agreed is None:
        return _refused("smart-browser")
    minted = mint(portal.store, portal.sites, portal.grant_key, _wish(portal, flow, proved, agreed))
    result = minted.reason.value if isinstance(minted, Refuse) else "repeated" if minted.repeated else "granted"
    portal.counters.grant(door.nas.site, proved.way, result)
    if isinstance(minted, Refuse):
        return _refused(minted.reason)
    portal.funnel.follow(minted.grant.id, door.nas.site, _family(), portal.now(), flow.at)
    return _release(portal, door, flow, minted)


def _release(portal: Portal, door: Door, flow: Flow, minted: Minted) -> AnyResponse:
    """By way of the NAS, which the client follows as a browser would, to the page of the visit."""
    grant = minted.grant.id
    after = f"{portal.url}{status_url(grant)}"
    onward = portal.kind(door.nas).release(flow.keys, door, grant, password(portal.grant_key, grant), after)
    return redirect(str(onward), 302)


def _result(portal: Portal) -> Response:
    grant = request.args.get("grant", "")
    visit = None
    if is_grant_id(grant):
        with portal.store.reading() as connection:
            visit = find(connection, portal.sites, grant, portal.now())
    if visit is None or visit.nas not in portal.doors:
        return _said(wispr.poll(Code.REJECTED, _words(Failure.FLOW_EXPIRED)))
    code, words, urls = _outcome(portal, visit)
    return _said(wispr.poll(code, words, **urls))


def _outcome(portal: Portal, visit: Visit) -> tuple[Code, str, dict[str, str]]:
    result = f"{portal.url}/wispr/result?grant={visit.grant_id}"
    if visit.progress is Progress.ONLINE:
        nas = portal.sites.nas[visit.nas]
        leave = portal.kind(nas).logout(portal.doors[nas.id], visit.grant_id)
        page = f"{portal.url}{status_url(visit.grant_id)}"
        return Code.LOGGED_IN, "", {"LogoffURL": leave, "StatusURL": page, "RedirectionURL": page}
    if visit.refused:
        return Code.REJECTED, _words(visit.refused), {}
    if visit.progress is Progress.WAITING:
        return Code.PENDING, "", {"LoginResultsURL": result}
    if visit.progress is Progress.LAPSED:
        return Code.SERVER_SILENT, _words(Failure.RADIUS_AWAY), {}
    return Code.LOGGED_OFF, "", {}


def _wish(portal: Portal, flow: Flow, proved: Proved, agreed: tuple[str, str]) -> Wish:
    return Wish(
        flow=flow,
        way=proved.way,
        client=proved.client,
        notice=agreed[0],
        language=agreed[1],
        at=portal.now(),
        grant_id=new_id(secrets.token_bytes(10)),
        otp=proved.otp,
        voucher=proved.voucher,
    )


def _refused(reason: str) -> Response:
    return _said(wispr.reply(Code.REJECTED, _words(reason)))


def _words(reason: str) -> str:
    """For the person behind the client, in one line."""
    return unescape(render_template("letters/smart_client.html", reason=str(reason))).strip()


def _family() -> str:
    return family_of(request.headers.get("User-Agent", ""))


def _said(message: str) -> Response:
    return make_response(message, 200)
