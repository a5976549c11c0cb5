"""What several pages do: name a failure, lead to the status page, say where a page can be read again."""

from __future__ import annotations

from enum import StrEnum

from flask import Response, g, make_response, render_template, request, url_for

from captive_portal.portal import Portal
from captive_portal.visit import Visit
from captive_portal.ways.hurdle import Hurdle, Wrong
from hotspot.grants import is_grant_id
from hotspot.sites import Nas
from web.addresses import client_address

STATUS = {
    "unknown-place": 404,
    "no-parameters": 400,
    "bad-client": 400,
    "bad-challenge": 400,
    "bad-signature": 400,
    "flow-expired": 400,
    "flow-broken": 400,
    "full": 503,
    "too-many": 429,
}
_OF_HURDLE = {Hurdle.TOO_MANY: 429, Hurdle.SOON: 429, Hurdle.CROWD: 429, Hurdle.BUSY: 503}


def failure_page(
    portal: Portal, reason: StrEnum, nas: Nas | None = None, until: int | None = None, left: int | None = None
) -> Response:
    """Cause and next step in the visitor's words; where a fresh start helps, the way back to the NAS."""
    door = portal.doors[nas.id] if nas else None
    page = render_template(
        "failure.html",
        reason=reason.value,
        until=until,
        left=left,
        site=portal.site_of(nas) if nas else None,
        entrance=portal.kind(nas).entrance(door) if nas and door else None,
    )
    return make_response(page, STATUS.get(reason.value, 403))


def wrong_status(wrong: Wrong) -> int:
    return _OF_HURDLE.get(wrong.reason, 403)


def reader() -> str:
    """Who reads a page that needs no Wi-Fi, as far as an address tells it."""
    return client_address(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""))


def look_again(page: Response, seconds: int, url: str) -> None:
    """The browser loads it anew without a script; each page that does so has a link to do it by hand, too."""
    page.headers["Refresh"] = f"{seconds}; url={url}"


def read_again(path: str, **arguments: str) -> None:
    """Language links lead here rather than to the address of this request, which may not bear repeating."""
    g.read_again = (path, arguments)


def language_of_tap(portal: Portal, visit: Visit | None) -> None:
    """A router's success page does not carry the visitor's choice, but the consent does."""
    if visit and visit.language in portal.sites.languages and "lang" not in request.values:
        g.language = visit.language


def status_url(user: str, *, lang: str | None = None, left: str | None = None) -> str:
    """A NAS that names somebody else's user name (a MAC login) gets the general page."""
    return url_for("status.status", lang=lang, grant=user if is_grant_id(user) else None, left=left)
