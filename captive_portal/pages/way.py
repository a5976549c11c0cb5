"""/wait, /v/<code>: what is on its way to a visitor, a way in that has to be tried again, a voucher's printed link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from captive_portal import grace
from captive_portal.failure import Failure
from captive_portal.flow import Flow, has_expired
from captive_portal.pages.common import failure_page, look_again, read_again, wrong_status
from captive_portal.portal import Portal
from captive_portal.ways import Wrong, otp, otp_book, reverse_otp
from hotspot import clients
from hotspot.senders.desk import CHECKED_BY_PROVIDER
from hotspot.sites import Nas
from hotspot.vouchers import normal, printed
from web.security import allow_form_target

LOOK = 5  # seconds between two looks for a message
COOKIE = "voucher"  # carries a scanned code to the page of the Wi-Fi; without it the code is typed
COOKIE_SECONDS = 900


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("way", __name__)
    pages.add_url_rule("/wait", "wait", lambda: _wait(portal))
    pages.add_url_rule("/v/<code>", "voucher", lambda code: _voucher(portal, code))
    pages.app_context_processor(lambda: {"channels": otp.channels(portal.reception), "printed": printed})
    return pages


def way_page(portal: Portal, nas: Nas, flow: Flow, way: str, wrong: Wrong) -> Response:
    """The same form once more, with what was wrong beside it."""
    entered = {name: request.form.get(name, "")[:64] for name in ("code", "name", "number")}
    page = make_response(
        _page(portal, nas, flow, "way.html", way=way, wrong=wrong, entered=entered), wrong_status(wrong)
    )
    if wrong.until and page.status_code == 429:
        page.headers["Retry-After"] = str(max(1, wrong.until - int(portal.now())))
    return page


def _wait(portal: Portal) -> AnyResponse:
    flow = portal.sealer.open(request.args.get("flow", ""), portal.now())
    door = portal.doors.get(flow.nas) if flow else None
    if flow is None or door is None:
        return failure_page(portal, Failure.FLOW_BROKEN)
    if has_expired(flow, portal.now()):
        return failure_page(portal, Failure.FLOW_EXPIRED, door.nas)
    token = portal.sealer.seal(flow)
    read_again("/wait", flow=token)
    sent, word = _under_way(portal, flow)
    looks = "still" not in request.args
    more = {"sent": sent, "word": word, "again_at": _again_at(portal, sent), "looks": looks}
    short = grace.online(portal, door.nas, flow.mac)
    page = make_response(_page(portal, door.nas, flow, "wait.html", grace=short.until if short else None, **more))
    if word and not word.confirmed and looks:
        look_again(page, LOOK, f"/wait?flow={token}&lang={g.language}")
    return page


def _under_way(portal: Portal, flow: Flow) -> tuple[otp_book.Pending | None, reverse_otp.Word | None]:
    """The newest code that was sent to this device, and the word that it may send to us."""
    device = clients.memory_of(portal.grant_key, flow.mac)
    with portal.store.reading() as connection:
        sent = otp_book.live_of(connection, device, otp.WAY, portal.now())
        words = otp_book.live_of(connection, device, reverse_otp.WAY, portal.now())
    if words and (not sent or words[0].id > sent[0].id):
        return None, reverse_otp.word_of(portal.grant_key, words[0])
    return (sent[0] if sent else None), None


def _again_at(portal: Portal, sent: otp_book.Pending | None) -> int | None:
    """From when another code may be asked for, as far as that is after now."""
    terms = portal.sites.messages.otp
    if sent is None or terms is None:
        return None
    at = sent.asked_at + terms.again
    return at if at > portal.now() else None


def _asks_number(portal: Portal) -> bool:
    """A provider that makes the codes itself is asked about a number, which we do not keep."""
    return any(sender.driver == CHECKED_BY_PROVIDER for sender in portal.sites.messages.senders)


def _page(portal: Portal, nas: Nas, flow: Flow, template: str, **more: Any) -> str:
    site, entrance = portal.site_of(nas), portal.kind(nas).entrance(portal.doors[nas.id])
    allow_form_target(entrance)
    allow_form_target(portal.url)
    return render_template(
        template,
        site=site,
        nas=nas,
        policy=portal.policy_of(site),
        flow=portal.sealer.seal(flow),
        listeners=reverse_otp.listeners(portal.reception),
        asks_number=_asks_number(portal),
        **more,
    )


def _voucher(portal: Portal, code: str) -> Response:
    """A scanned card opens a browser that knows no NAS: it fills the code in there, and asks nobody yet."""
    plain = normal(code)
    page = make_response(render_template("voucher.html", code=plain, sites=portal.sites, entrances=_entrances(portal)))
    if plain.isalnum() and plain.isascii():
        secure = portal.url.startswith("https:")
        page.set_cookie(COOKIE, plain, max_age=COOKIE_SECONDS, secure=secure, httponly=True, samesite="Lax")
    return page


def _entrances(portal: Portal) -> dict[str, str]:
    """Where a phone that is in a place's Wi-Fi is asked to log in, for places that take vouchers."""
    return {
        site.id: portal.kind(door.nas).entrance(door)
        for door in portal.doors.values()
        if "voucher" in portal.policy_of(site := portal.site_of(door.nas)).ways
    }
