"""The monitor's half of the store: states, intervals, incidents with their members, hourly figures of readings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from hotspot.clock import local_hour
from hotspot.store import Store
from hotspot.tables import incident_members, incidents, intervals, maintenances, reading_hours, states
from monitor import baselines
from monitor.cause import Cause
from monitor.flap import Flap
from monitor.grade import Grade
from monitor.health import State, Verdict
from monitor.incidents import REOPEN, Change, Closed, Graded, Incident, Joined, Left, Opened, Turned
from monitor.maintenance import Window
from monitor.optics import Learned
from monitor.reading import Reading
from monitor.topology import Subject

GAP_INTERVALS = 3  # ticks that are further apart than so many poll intervals leave a time without data between them
CAUSES = (
    "link-down", "link-flapping", "device-down", "nas-down", "optics-weak", "power-cut", "section-dark",
    "monitor-blind",
)  # fmt: skip
KEPT = ("rx-power", "rtt", "loss")  # readings whose hourly figures are worth keeping


@dataclass(frozen=True)
class Known:
    """One subject as it shall be written. ``detail`` is small and has no address in it."""

    verdict: Verdict
    last_success_at: float | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Moment:
    """Everything that one tick writes, in one transaction."""

    at: float
    interval: float
    known: Mapping[Subject, Known]
    changes: tuple[Change, ...]
    readings: tuple[Reading, ...]
    learned: Mapping[tuple[str, str], Learned] = field(default_factory=dict)


class History:
    def __init__(self, store: Store, zone: ZoneInfo) -> None:
        self._store = store
        self._zone = zone

    def states(self) -> dict[Subject, State]:
        """As they were when the monitor last wrote them."""
        with self._store.reading() as connection:
            rows = connection.execute(select(states.c.kind, states.c.subject, states.c.state)).all()
        return {(kind, subject): State(state) for kind, subject, state in rows}

    def flaps(self) -> dict[Subject, Flap]:
        """How often each came and went lately, as it was when the monitor last wrote."""
        with self._store.reading() as connection:
            rows = connection.execute(select(states.c.kind, states.c.subject, states.c.detail)).all()
        found = {(kind, subject): json.loads(detail).get("flap") for kind, subject, detail in rows}
        return {subject: Flap(*flap) for subject, flap in found.items() if flap}

    def incidents(self, at: float) -> list[Incident]:
        """Those that are open, and those that ended so lately that they may open again."""
        with self._store.reading() as connection:
            return _incidents(connection, at - REOPEN)

    def windows(self, at: float) -> list[Window]:
        """Announced work that goes on."""
        work = maintenances.c
        query = select(maintenances).where(work.began_at <= at, work.ends_at > at, work.cancelled_at.is_(None))
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(work.id)).all()
        return [Window(r.kind, r.subject, r.began_at, r.ends_at, r.reason, r.created_by) for r in rows]

    def learned(self) -> dict[tuple[str, str], Learned]:
        with self._store.reading() as connection:
            return baselines.read(connection)

    def open_by_cause(self) -> dict[str, int]:
        """All open incidents, those of the sensors among them."""
        query = select(incidents.c.cause, func.count()).where(incidents.c.closed_at.is_(None))
        with self._store.reading() as connection:
            return {cause: int(n) for cause, n in connection.execute(query.group_by(incidents.c.cause))}

    def write(self, moment: Moment) -> None:
        with self._store.writing() as connection:
            _write_states(connection, moment)
            _write_intervals(connection, moment)
            baselines.write(connection, dict(moment.learned), moment.at)
            for change in moment.changes:
                _write_change(connection, change, int(moment.at))
            for reading in moment.readings:
                if reading.what in KEPT and reading.value is not None:
                    _write_reading(connection, reading, local_hour(reading.at, self._zone))


def _incidents(connection: Connection, since: float) -> list[Incident]:
    members: dict[int, set[Subject]] = {}
    for row in connection.execute(select(incident_members).where(incident_members.c.left_at.is_(None))):
        members.setdefault(row.incident, set()).add((row.kind, row.subject))
    lately = or_(incidents.c.closed_at.is_(None), incidents.c.closed_at >= int(since))
    query = select(incidents).where(lately, incidents.c.cause.in_(CAUSES)).order_by(incidents.c.id)
    return [
        Incident(
            row.id,
            Cause(row.cause, row.kind, row.subject),
            frozenset(members.get(row.id, ())),
            row.opened_at,
            row.closed_at,
            Grade(row.grade),
        )
        for row in connection.execute(query)
    ]


def _write_states(connection: Connection, moment: Moment) -> None:
    """Only what changed; a row that has gone from sites.yaml stays as the past."""
    had = {(row.kind, row.subject): row for row in connection.execute(select(states))}
    for (kind, subject), known in moment.known.items():
        at = int(moment.at)
        last = None if known.last_success_at is None else int(known.last_success_at)
        detail = json.dumps({"why": known.verdict.why, **known.detail}, ensure_ascii=False)
        row = {"state": str(known.verdict.state), "last_success_at": last, "detail": detail, "changed_at": at}
        old = had.get((kind, subject))
        if old is None:
            connection.execute(insert(states).values(kind=kind, subject=subject, since=at, **row))
        elif (old.state, old.last_success_at, old.detail) != (row["state"], last, detail):
            row["since"] = old.since if old.state == row["state"] else at
            here = and_(states.c.kind == kind, states.c.subject == subject)
            connection.execute(update(states).where(here).values(**row))


def _write_intervals(connection: Connection, moment: Moment) -> None:
    """Unknown is no data: it ends an interval and begins none."""
    at = int(moment.at)
    going_on = {
        (row.kind, row.subject): row
        for row in connection.execute(select(intervals).where(intervals.c.ended_at.is_(None)))
    }
    confirmed = []
    for subject, known in moment.known.items():
        row, state = going_on.get(subject), known.verdict.state
        away = row is not None and at - row.seen_until > GAP_INTERVALS * moment.interval
        if row is not None and row.state == state and not away:
            confirmed.append(row.id)
            continue
        if row is not None:
            seen = row.seen_until if away else at
            _end_interval(connection, intervals.c.id == row.id, seen)
        if state is not State.UNKNOWN:
            new = {"kind": subject[0], "subject": subject[1], "state": str(state), "began_at": at, "seen_until": at}
            connection.execute(insert(intervals).values(**new))
    if confirmed:
        connection.execute(update(intervals).where(intervals.c.id.in_(confirmed)).values(seen_until=at))
    for subject in going_on.keys() - moment.known.keys():
        row = going_on[subject]
        if at - row.seen_until > GAP_INTERVALS * moment.interval:  # gone from sites.yaml
            _end_interval(connection, intervals.c.id == row.id, row.seen_until)


def _end_interval(connection: Connection, which: ColumnElement[bool], at: int) -> None:
    connection.execute(update(intervals).where(which).values(ended_at=at, seen_until=at))


def _write_change(connection: Connection, change: Change, at: int) -> None:
    match change:
        case Opened(members=members, clients=clients):
            row = {**_named(change), "clients": clients, "opened_at": at}
            key = connection.execute(insert(incidents).values(**row)).inserted_primary_key
            _join(connection, int(key[0]) if key else 0, sorted(members), at)
        case Turned(incident, clients=clients):
            here = incidents.c.id == incident
            before = connection.execute(select(incidents.c.clients).where(here)).scalar_one()
            row = {**_named(change), "clients": max(before, clients), "closed_at": None}
            connection.execute(update(incidents).where(here).values(**row))
        case Graded(incident, grade):
            connection.execute(
                update(incidents).where(incidents.c.id == incident).values(**_graded(connection, incident, grade))
            )
        case Joined(incident, member):
            _join(connection, incident, [member], at)
        case Left(incident, (kind, subject)):
            _leave(connection, incident, kind, subject, at)
        case Closed(incident, _):
            connection.execute(update(incidents).where(incidents.c.id == incident).values(closed_at=at))


def _named(change: Opened | Turned) -> dict[str, object]:
    cause, grade = change.cause, change.grade
    evidence = "; ".join(word for word in (change.evidence, grade.evidence) if word)
    row = {"cause": cause.name, "kind": cause.kind, "subject": cause.subject}
    return {**row, "grade": grade.cause, "evidence": evidence}


def _graded(connection: Connection, incident: int, grade: Grade) -> dict[str, object]:
    before = connection.execute(select(incidents.c.evidence).where(incidents.c.id == incident)).scalar_one()
    return {"grade": grade.cause, "evidence": f"{before}; {grade.evidence}"}


def _leave(connection: Connection, incident: int, kind: str, subject: str, at: int) -> None:
    member = incident_members.c
    here = and_(member.incident == incident, member.kind == kind, member.subject == subject, member.left_at.is_(None))
    connection.execute(update(incident_members).where(here).values(left_at=at))


def _join(connection: Connection, incident: int, members: Iterable[Subject], at: int) -> None:
    rows = [{"incident": incident, "kind": kind, "subject": subject, "joined_at": at} for kind, subject in members]
    if rows:
        connection.execute(insert(incident_members), rows)


def _write_reading(connection: Connection, reading: Reading, hour: int) -> None:
    hours, value = reading_hours.c, reading.value
    here = and_(
        hours.subject == reading.subject,
        hours.port == reading.port,
        hours.what == reading.what,
        hours.hour == hour,
    )
    row = connection.execute(select(hours.samples, hours.lowest, hours.highest, hours.total).where(here)).first()
    if row is None:
        key = {"subject": reading.subject, "port": reading.port, "what": reading.what, "hour": hour}
        figures = {"samples": 1, "lowest": value, "highest": value, "total": value}
        connection.execute(insert(reading_hours).values(**key, **figures))
    elif value is not None:
        figures = {
            "samples": row.samples + 1,
            "lowest": min(row.lowest, value),
            "highest": max(row.highest, value),
            "total": row.total + value,
        }
        connection.execute(update(reading_hours).where(here).values(**figures))
