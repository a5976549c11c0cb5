"""/api/captive/<nas>[/<token>]: the Captive Portal API of RFC 8908, which a phone asks instead of guessing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection, or_, select
from werkzeug.wrappers import Response as AnyResponse

from captive_portal.portal import Portal
from captive_portal.visit import find
from hotspot.nas import NAS_KINDS
from hotspot.presence import is_open
from hotspot.sites import Nas
from hotspot.tables import nas_facts, reservations, sessions

MEDIA_TYPE = "application/captive+json"
LONGEST_TOKEN = 128
_JUST_NOW = 60  # seconds after an Accept in which its session may not have been told of yet


@dataclass(frozen=True)
class Left:
    """``octets`` is None where data is not cut when it is used up; ``extends`` where its page can give more."""

    seconds: int
    octets: int | None
    extends: bool


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("api", __name__)

    def captive(nas_id: str, token: str = "") -> AnyResponse:
        return _captive(portal, nas_id, token)

    pages.add_url_rule("/api/captive/<nas_id>", view_func=captive)
    pages.add_url_rule("/api/captive/<nas_id>/<token>", view_func=captive)
    return pages


def _captive(portal: Portal, nas_id: str, token: str) -> AnyResponse:
    """A person's browser is sent to the portal (RFC 8910 section 3); everything else gets the JSON."""
    if nas_id not in portal.doors:
        return Response('{"captive": true}', 404, mimetype=MEDIA_TYPE)
    nas = portal.sites.nas[nas_id]
    accepts = request.headers.get("Accept", "")
    if MEDIA_TYPE not in accepts and "text/html" in accepts:
        answer: AnyResponse = redirect(portal.doors[nas_id].arrive_url)
    else:
        answer = Response(json.dumps(_state(portal, nas, _look(portal, nas, token))), mimetype=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Vary"] = "Accept"
    return answer


def _state(portal: Portal, nas: Nas, rest: Left | None) -> dict[str, object]:
    """RFC 8908 section 5: ``user-portal-url`` whenever captive, what remains only when not.

    The portal's page there leads to the NAS, which names the visitor's session, and so to the button to stay longer.
    """
    said: dict[str, object] = {
        "captive": rest is None,
        "user-portal-url": portal.doors[nas.id].arrive_url,
        "venue-info-url": f"{portal.url}/venue/{nas.site}",
    }
    if rest is not None:
        said |= {"seconds-remaining": rest.seconds, "can-extend-session": rest.extends}
    if rest is not None and rest.octets is not None:
        said["bytes-remaining"] = rest.octets
    return said


def _look(portal: Portal, nas: Nas, token: str) -> Left | None:
    """What remains to whom this token belongs, None while captive; a token is never a MAC, which would be guessed."""
    if not 0 < len(token) <= LONGEST_TOKEN or not token.isprintable():
        return None
    now = portal.now()
    with portal.store.reading() as connection:
        row = _session(connection, nas.id, token, now) or _accepted(connection, nas.id, token, now)
        if row is None or row.ends_at <= now:
            return None
        visit = find(connection, portal.sites, row.grant_id, now) if row.grant_id else None
    ends = portal.sites.policy_of(portal.site_of(nas)).day.then == "end"
    octets = visit.allowance.octets if ends and visit and visit.allowance else None
    return Left(int(row.ends_at - now), octets, extends=visit is not None and NAS_KINDS[nas.kind].extends)


def _session(connection: Connection, nas: str, token: str, now: float) -> Any:
    """By a grant's id or the NAS's own session id, which CoovaChilli puts into the address as ``%{s}``.

    The promise is found by its class, because a phone that came back by its MAC at another place has no grant there.
    """
    joined = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas).join(
        reservations, reservations.c.class_token == sessions.c.class_token
    )
    query = (
        select(reservations.c.ends_at, sessions.c.grant_id)
        .select_from(joined)
        .where(sessions.c.nas == nas, or_(sessions.c.grant_id == token, sessions.c.acct_session_id == token))
        .where(is_open(now))
        .order_by(sessions.c.started_at.desc())
        .limit(1)
    )
    return connection.execute(query).first()


def _accepted(connection: Connection, nas: str, grant_id: str, now: float) -> Any:
    """Let in a moment ago, before the NAS has told of the session: a wrong "captive" would strand an iPhone."""
    query = select(reservations.c.ends_at, reservations.c.grant_id).where(
        reservations.c.nas == nas,
        reservations.c.grant_id == grant_id,
        reservations.c.started_at.is_(None),
        ~select(sessions.c.id).where(sessions.c.grant_id == reservations.c.grant_id).exists(),
        reservations.c.reserved_at > int(now) - _JUST_NOW,
    )
    return connection.execute(query).first()
