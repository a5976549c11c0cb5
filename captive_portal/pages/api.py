"""/api/captive/<nas>[/<token>]: the Captive Portal API of RFC 8908, which a phone asks instead of guessing."""

from __future__ import annotations

import json

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection, or_, select
from werkzeug.wrappers import Response as AnyResponse

from captive_portal.portal import Portal
from hotspot.presence import is_open
from hotspot.tables import nas_facts, reservations, sessions

MEDIA_TYPE = "application/captive+json"


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
    arrive = portal.doors[nas_id].arrive_url
    accepts = request.headers.get("Accept", "")
    if MEDIA_TYPE not in accepts and "text/html" in accepts:
        answer: AnyResponse = redirect(arrive)
    else:
        with portal.store.reading() as connection:
            left = _seconds_left(connection, nas_id, token, portal.now()) if token else None
        answer = Response(json.dumps(_state(arrive, left)), mimetype=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Vary"] = "Accept"
    return answer


def _state(arrive: str, seconds_left: int | None) -> dict[str, object]:
    """RFC 8908 section 5: user-portal-url whenever captive, seconds-remaining only when not."""
    if seconds_left is None:
        return {"captive": True, "user-portal-url": arrive}
    return {"captive": False, "user-portal-url": arrive, "seconds-remaining": seconds_left}


def _seconds_left(connection: Connection, nas: str, token: str, now: float) -> int | None:
    """The token is a grant's id or the NAS's own session id (CoovaChilli puts it into the URL as %{s})."""
    joined = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas).outerjoin(
        reservations, reservations.c.grant_id == sessions.c.grant_id
    )
    query = (
        select(reservations.c.ends_at)
        .select_from(joined)
        .where(sessions.c.nas == nas, or_(sessions.c.grant_id == token, sessions.c.acct_session_id == token))
        .where(is_open(now))
        .order_by(sessions.c.started_at.desc())
        .limit(1)
    )
    ends_at = connection.execute(query).scalar()
    return max(0, int(ends_at - now)) if ends_at is not None else None
