"""What became of a grant: waiting for the NAS, online until when and with what left, or ended; found by its id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, select

from hotspot import standing
from hotspot.admission import ADMITTED, is_admitted_to
from hotspot.allowance import Allowance, Usage, left
from hotspot.doors import Event
from hotspot.nas import NAS_KINDS
from hotspot.presence import used_today
from hotspot.session import Facts, State, ended_at, state
from hotspot.sites import Nas, Sites
from hotspot.tables import admissions, consents, grants, nas_facts, reservations, sessions


class Progress(StrEnum):
    WAITING = "waiting"
    ONLINE = "online"
    ENDED = "ended"
    LAPSED = "lapsed"  # the NAS never asked; the tap is worth nothing any more


@dataclass(frozen=True)
class Visit:
    """``until`` is None where the NAS alone knows it; ``used`` is of this session, ``allowance`` of the whole day,
    ``language`` the one in which the notice was read, ``session`` the number by which RADIUS can be asked to change it,
    ``refused`` why a controller's NAS let nobody in, in RADIUS' word, ``events`` those of its site in the calendar.
    """

    grant_id: str
    nas: str
    site: str
    way: str
    progress: Progress
    minted_at: int
    until: int | None
    ended_at: int | None
    used: Usage
    allowance: Allowance | None
    consent_at: int | None
    language: str | None
    session: int | None = None
    refused: str | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class _Rows:
    """All that the store holds about one grant."""

    grant: RowMapping
    promise: RowMapping | None
    session: RowMapping | None
    boot_at: int | None
    refused: str | None


def find(connection: Connection, sites: Sites, grant_id: str, now: float) -> Visit | None:
    rows = _rows(connection, grant_id)
    if rows is None or rows.grant["nas"] not in sites.nas:
        return None
    grant, promise, session = rows.grant, rows.promise, rows.session
    consent = connection.execute(select(consents).where(consents.c.grant_id == grant_id)).mappings().first()
    progress, end = _progress(rows, now, sites.nas[grant["nas"]])
    newest = session or promise
    day = newest["device_day"] if newest else None
    return Visit(
        grant_id=grant_id,
        nas=grant["nas"],
        site=grant["site"],
        way=grant["way"],
        progress=progress,
        minted_at=grant["minted_at"],
        until=promise["ends_at"] if promise else None,
        ended_at=end,
        used=Usage(session["seconds"], session["input_octets"] + session["output_octets"]) if session else Usage(),
        allowance=left(sites.policy_of(sites.site[grant["site"]]), used_today(connection, day)) if promise else None,
        consent_at=consent["given_at"] if consent else None,
        language=consent["language"] if consent else None,
        session=session["id"] if session else None,
        refused=rows.refused,
        events=standing.events(connection, {grant["site"]}, now).get(grant["site"], ()),
    )


def _rows(connection: Connection, grant_id: str) -> _Rows | None:
    grant = connection.execute(select(grants).where(grants.c.id == grant_id)).mappings().first()
    if grant is None:
        return None
    promise = select(reservations).where(reservations.c.grant_id == grant_id)
    session = select(sessions).where(sessions.c.grant_id == grant_id).order_by(sessions.c.started_at.desc()).limit(1)
    boot = select(nas_facts.c.boot_at).where(nas_facts.c.nas == grant["nas"])
    refused = select(admissions.c.outcome).where(admissions.c.grant_id == grant_id, admissions.c.outcome != ADMITTED)
    return _Rows(
        grant,
        connection.execute(promise).mappings().first(),
        connection.execute(session).mappings().first(),
        connection.execute(boot).scalar(),
        connection.execute(refused).scalar(),
    )


def _progress(rows: _Rows, now: float, nas: Nas) -> tuple[Progress, int | None]:
    """How far the visit is, and when it ended. A kind that asks no RADIUS is online as soon as it was told.

    A controller's promise alone opens nothing: online is who it was seen to let in.
    """
    if session := rows.session:
        facts = Facts(
            session["started_at"],
            session["last_seen_at"],
            session["stopped_at"],
            session["interim"],
            session["gone_at"],
        )
        if state(facts, rows.boot_at, now) is State.OPEN:
            return Progress.ONLINE, None
        return Progress.ENDED, ended_at(facts, rows.boot_at, now)
    if (promise := rows.promise) and not is_admitted_to(nas):
        over = promise["ends_at"] < now
        return (Progress.ENDED, promise["ends_at"]) if over else (Progress.ONLINE, None)
    if not NAS_KINDS[nas.kind].speaks_radius and not is_admitted_to(nas):
        return Progress.ONLINE, None
    return (Progress.LAPSED if rows.grant["expires_at"] < now else Progress.WAITING), None
