"""POST /arrive/<nas>: the openNDS of a place comes for whom it shall let in, and says who left."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection, Row, select, update

from captive_portal.authmon import MOST, Clients, Entry, Left, View, leaving, listed, read
from captive_portal.portal import Portal
from captive_portal.visit import find
from hotspot.admission import is_fetched_by
from hotspot.mac import Mac
from hotspot.sites import Nas
from hotspot.tables import admissions, reservations, sessions, wishes
from hotspot.wishes import Act

SETTLED = 5  # seconds after which who was let in has to stand in the box's list
LOST_CARRIER = 2  # Acct-Terminate-Cause (RFC 2866 section 5.10)


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("authmon", __name__)
    pages.add_url_rule("/arrive/<nas_id>", "authmon", lambda nas_id: _asked(portal, nas_id), methods=["POST"])
    return pages


def _asked(portal: Portal, nas_id: str) -> Response:
    nas = portal.sites.nas.get(nas_id)
    asked = read(*(request.form.get(name, "") for name in ("auth_get", "gatewayhash", "payload")))
    if nas is None or not is_fetched_by(nas) or asked is None:
        return _said("", 403)
    if isinstance(asked, View) and asked.asks:
        with portal.store.reading() as connection:
            return _said(listed(_entries(connection, portal, nas, asked.gateway)))
    now = int(portal.now())
    with portal.store.writing() as connection:
        if isinstance(asked, View):
            _note_done(connection, nas, asked, now)
        elif isinstance(asked, Left):
            _note_left(connection, nas, asked, now)
        elif isinstance(asked, Clients):
            _note_inside(connection, nas, asked, now)
            return _said(leaving(_ending(connection, nas, asked)))
    return _said("ack")


def _said(text: str, status: int = 200) -> Response:
    return Response(text, status, mimetype="text/plain")


def _entries(connection: Connection, portal: Portal, nas: Nas, gateway: str) -> list[Entry]:
    """Only who has RADIUS' promise, oldest first."""
    open_ = (admissions.c.nas == nas.id, admissions.c.place == gateway, admissions.c.finished_at.is_(None))
    query = (
        select(admissions, reservations.c.ends_at)
        .join_from(admissions, reservations, reservations.c.grant_id == admissions.c.grant_id)
        .where(*open_, admissions.c.fetched_at.is_(None), reservations.c.ends_at > int(portal.now()))
        .order_by(admissions.c.asked_at)
        .limit(MOST)
    )
    return [_entry(connection, portal, nas, row) for row in connection.execute(query).all()]


def _entry(connection: Connection, portal: Portal, nas: Nas, row: Row[Any]) -> Entry:
    visit = find(connection, portal.sites, row.grant_id, portal.now())
    left = visit.allowance if visit else None
    speed = portal.sites.policy_of(portal.site_of(nas)).speed
    up, down = (speed.slow, speed.slow) if left and left.slowed else (speed.up, speed.down)
    quota = max(1, left.octets // 1000) if left and left.ends else 0
    minutes = max(1, (row.ends_at - int(portal.now())) // 60)
    return Entry(row.token, minutes, up // 1000, down // 1000, quota, quota, row.grant_id)


def _note_done(connection: Connection, nas: Nas, view: View, now: int) -> None:
    mine = (admissions.c.nas == nas.id, admissions.c.place == view.gateway, admissions.c.token.in_(view.done))
    connection.execute(update(admissions).where(*mine, admissions.c.fetched_at.is_(None)).values(fetched_at=now))


def _note_inside(connection: Connection, nas: Nas, told: Clients, now: int) -> None:
    """What each has used so far. Who is not there any more left without a word, as at a restart of the box."""
    inside = {one.mac.digits: one for one in told.inside}
    mine = (admissions.c.nas == nas.id, admissions.c.place == told.gateway, admissions.c.left_at.is_(None))
    let_in = select(admissions.c.id, admissions.c.mac).where(*mine, admissions.c.fetched_at < now - SETTLED)
    for row in connection.execute(let_in).all():
        one = inside.get(row.mac)
        gone = {"left_at": now, "left_cause": LOST_CARRIER}
        facts = gone if one is None else {"upload": one.upload, "download": one.download}
        connection.execute(update(admissions).where(admissions.c.id == row.id).values(**facts))


def _ending(connection: Connection, nas: Nas, told: Clients) -> list[Mac]:
    """Those of them whose session shall end."""
    wished = (wishes.c.act == Act.END.value, wishes.c.finished_at.is_(None), sessions.c.stopped_at.is_(None))
    its = (admissions.c.nas == nas.id, admissions.c.place == told.gateway, admissions.c.left_at.is_(None))
    query = (
        select(sessions.c.mac)
        .join_from(wishes, sessions, sessions.c.id == wishes.c.session)
        .join(admissions, admissions.c.grant_id == sessions.c.grant_id)
        .where(*wished, *its)
    )
    macs = set(connection.execute(query).scalars())
    return [one.mac for one in told.inside if one.mac.digits in macs]


def _note_left(connection: Connection, nas: Nas, left: Left, now: int) -> None:
    mine = (admissions.c.nas == nas.id, admissions.c.place == left.gateway, admissions.c.mac == left.mac.digits)
    in_ = (*mine, admissions.c.fetched_at.is_not(None), admissions.c.left_at.is_(None))
    facts = {"left_at": now, "left_cause": left.cause, "upload": left.upload, "download": left.download}
    connection.execute(update(admissions).where(*in_).values(**facts))
