"""The monitor's tables on both databases, under its own role: states, intervals, incidents, hourly figures, gauges."""

from __future__ import annotations

import random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from hotspot import tables
from hotspot.metrics import Metrics
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.watched import Kept, known, seconds, stretches
from monitor import facts
from monitor.cause import Cause
from monitor.grade import Grade
from monitor.health import State, Verdict
from monitor.history import History, Known, Moment
from monitor.incidents import REOPEN, Change, Closed, Graded, Incident, Joined, Left, Opened, Turned
from monitor.maintenance import Window
from monitor.optics import Learned
from monitor.reading import Reading
from monitor.topology import Subject
from tests.conftest import as_service

JAKARTA = ZoneInfo("Asia/Jakarta")
NOON = 1_780_030_800  # 2026-05-29 12:00 in Jakarta
SWITCH: Subject = ("device", "sw-grabag")
CUT = Cause("link-down", "link", "grabag")
OF_STATE = {
    State.UP: Kept.UP, State.WEAK: Kept.UP, State.DOWN: Kept.DOWN, State.SHADOW: Kept.SHADOW,
    State.UNKNOWN: Kept.NO_DATA,
}  # fmt: skip


def moment(
    at: int,
    states: dict[Subject, State] | None = None,
    changes: tuple[Change, ...] = (),
    readings: tuple[Reading, ...] = (),
    last: int | None = None,
) -> Moment:
    known = {
        s: Known(Verdict(state, f"it is {state}"), last, {"clients": {"x": 1}}) for s, state in (states or {}).items()
    }
    return Moment(at, 60.0, known, changes, readings)


def rows(store: Store, table: Any) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key.columns)))


def spans(store: Store) -> list[tuple[str, int, int, int | None]]:
    found = rows(store, tables.intervals)
    return [(r.state, r.began_at - NOON, r.seen_until - NOON, r.ended_at and r.ended_at - NOON) for r in found]


def test_a_state_keeps_its_beginning_while_it_goes_on_and_is_read_back_after_a_restart(either_store: Store) -> None:
    history = History(as_service(either_store, "monitor"), JAKARTA)
    history.write(moment(NOON, {SWITCH: State.UP}, last=NOON))
    history.write(moment(NOON + 60, {SWITCH: State.UP}, last=NOON + 60))
    history.write(moment(NOON + 90, {SWITCH: State.DOWN}, last=NOON + 60))

    [row] = rows(either_store, tables.states)
    assert (row.state, row.since, row.last_success_at) == ("down", NOON + 90, NOON + 60)
    assert row.detail == '{"why": "it is down", "clients": {"x": 1}}'
    assert History(as_service(either_store, "monitor"), JAKARTA).states() == {SWITCH: State.DOWN}


def test_intervals_follow_each_other_and_the_last_goes_on(either_store: Store) -> None:
    history = History(as_service(either_store, "monitor"), JAKARTA)
    for at, state in ((0, State.UP), (60, State.UP), (120, State.DOWN), (180, State.UP)):
        history.write(moment(NOON + at, {SWITCH: state}))

    assert spans(either_store) == [("up", 0, 120, 120), ("down", 120, 180, 180), ("up", 180, 180, None)]


def test_what_lies_between_distant_ticks_and_what_is_unknown_is_no_data(either_store: Store) -> None:
    history = History(as_service(either_store, "monitor"), JAKARTA)
    for at, state in ((0, State.UP), (60, State.UP), (1000, State.UP), (1060, State.UNKNOWN), (1120, State.UP)):
        history.write(moment(NOON + at, {SWITCH: state}))

    assert spans(either_store) == [("up", 0, 60, 60), ("up", 1000, 1060, 1060), ("up", 1120, 1120, None)]


def test_an_interval_of_what_left_sites_yaml_ends_where_it_was_last_seen(either_store: Store) -> None:
    history = History(as_service(either_store, "monitor"), JAKARTA)
    history.write(moment(NOON, {SWITCH: State.UP}))
    history.write(moment(NOON + 60))
    history.write(moment(NOON + 600))

    assert spans(either_store) == [("up", 0, 0, 0)]


def test_an_incident_opens_grows_shrinks_and_closes(either_store: Store) -> None:
    history, gw = History(as_service(either_store, "monitor"), JAKARTA), ("nas", "gw")
    history.write(moment(NOON, changes=(Opened(CUT, "port sfp1 is down", 12, frozenset({SWITCH})),)))
    [opened] = history.incidents(NOON)
    assert opened == Incident(opened.id, CUT, frozenset({SWITCH}), NOON)
    assert history.open_by_cause() == {"link-down": 1}

    history.write(moment(NOON + 60, changes=(Joined(opened.id, gw), Left(opened.id, SWITCH))))
    assert history.incidents(NOON) == [Incident(opened.id, CUT, frozenset({gw}), NOON)]

    history.write(moment(NOON + 120, changes=(Left(opened.id, gw), Closed(opened.id))))
    assert history.incidents(NOON + 120 + REOPEN + 1) == []
    [row] = rows(either_store, tables.incidents)
    assert (row.clients, row.opened_at, row.closed_at) == (12, NOON, NOON + 120)


def test_an_incident_may_turn_get_its_grade_and_open_again(either_store: Store) -> None:
    history = History(as_service(either_store, "monitor"), JAKARTA)
    alone = Cause("device-down", "device", "sw-grabag")
    history.write(moment(NOON, changes=(Opened(alone, "silent", 5, frozenset()),)))
    [opened] = history.incidents(NOON)
    history.write(moment(NOON + 60, changes=(Turned(opened.id, CUT, "a port is dark", 3), Closed(opened.id))))
    [ended] = history.incidents(NOON + 60)
    assert (ended.cause, ended.closed_at, ended.grade.cause) == (CUT, NOON + 60, "unknown")

    fibre = Grade("fibre", "both ends answer")
    history.write(moment(NOON + 90, changes=(Turned(opened.id, CUT, "dark again", 9), Graded(opened.id, fibre))))

    [row] = rows(either_store, tables.incidents)
    assert (row.cause, row.subject, row.clients, row.closed_at) == ("link-down", "grabag", 9, None)
    assert (row.grade, row.evidence) == ("fibre", "dark again; both ends answer")


def test_what_was_learned_of_a_port_is_read_back_as_it_was(either_store: Store) -> None:
    history, key = History(as_service(either_store, "monitor"), JAKARTA), ("sw-grabag", "sfp1")
    for day in (1, 2):
        learned = Learned(-8.0, ((float(day), -8.1),), (41.0,), "warn", "warn")
        history.write(Moment(NOON, 60.0, {}, (), (), {key: learned}))

        assert history.learned() == {key: learned}


def test_announced_work_is_read_while_it_goes_on(either_store: Store) -> None:
    row = {"kind": "link", "subject": "grabag", "reason": "sambung ulang", "created_by": "ani", "created_at": NOON}
    work = {"began_at": NOON, "ends_at": NOON + 600, "cancelled_at": None}
    with either_store.writing() as connection:
        for cancelled in (None, NOON + 1):
            connection.execute(insert(tables.maintenances).values(**row | work | {"cancelled_at": cancelled}))
    history = History(as_service(either_store, "monitor"), JAKARTA)

    assert history.windows(NOON) == [Window("link", "grabag", NOON, NOON + 600, "sambung ulang", "ani")]
    assert history.windows(NOON - 1) == []
    assert history.windows(NOON + 600) == []


def test_incidents_of_the_sensors_are_counted_and_never_touched(either_store: Store) -> None:
    row = {
        "cause": "rogue-dhcp",
        "kind": "site",
        "subject": "museum",
        "evidence": "{}",
        "clients": 0,
        "opened_at": NOON,
    }
    with either_store.writing() as connection:
        connection.execute(insert(tables.incidents).values(**row))
    history = History(as_service(either_store, "monitor"), JAKARTA)

    assert history.incidents(NOON) == []
    assert history.open_by_cause() == {"rogue-dhcp": 1}


def test_readings_become_hourly_figures_by_local_hour(either_store: Store) -> None:
    def light(value: float | None, at: int) -> Reading:
        return Reading("device", "core", "rx-power", value, at, "sfp1", "" if value else "no light arrives")

    history = History(as_service(either_store, "monitor"), JAKARTA)
    uptime = Reading("device", "core", "uptime", 5.0, NOON)
    history.write(moment(NOON + 60, readings=(light(-9.0, NOON + 30), uptime)))
    history.write(moment(NOON + 120, readings=(light(-11.0, NOON + 90), light(None, NOON + 100))))
    history.write(moment(NOON + 3660, readings=(light(-10.0, NOON + 3630),)))

    found = [(r.hour - NOON, r.samples, r.lowest, r.highest, r.total) for r in rows(either_store, tables.reading_hours)]
    assert found == [(0, 2, -11.0, -9.0, -20.0), (3600, 1, -10.0, -10.0, -10.0)]


def test_the_gauges_of_the_store_count_people_complaints_and_the_nightly_job(either_store: Store, sites: Sites) -> None:
    numbers = dict.fromkeys(("seconds", "input_octets", "output_octets", "counted_input", "counted_output"), 0)
    times = dict.fromkeys(("started_at", "last_seen_at", "first_received_at", "changed_at"), NOON)
    session = (
        numbers | times | {"generation": 0, "site": "museum-tosan-aji", "nas": "gw-museum-tosan-aji", "interim": 300}
    )
    complaint = {"site": "museum-tosan-aji", "channel": "web", "language": "id", "text": "lambat"}
    with either_store.writing() as connection:
        for name in ("a", "b"):
            row = session | {"uid": name, "acct_session_id": name}
            connection.execute(insert(tables.sessions).values(**row))
        for key, age in (("K1", 3600), ("K2", 3 * 86_400)):
            connection.execute(insert(tables.complaints).values(key=key, received_at=NOON - age, **complaint))
        for step, ended in (("scrub", NOON - 50), ("expiry", NOON - 40), ("keys", NOON - 30)):
            run = {"step": step, "began_at": ended, "finished_at": ended, "outcome": "ok: 3 rows"}
            connection.execute(insert(tables.nightly_runs).values(**run))
        connection.execute(insert(tables.nas_facts).values(nas="gw-museum-tosan-aji", heard_at=NOON - 5))
    metrics = Metrics()
    metrics.collect(lambda: facts.families(as_service(either_store, "monitor"), sites, NOON))

    page = metrics.page().decode()

    assert 'hotspot_sessions_open{site="museum-tosan-aji"} 2.0' in page
    assert 'hotspot_sessions_open{site="alun-alun-besar"} 0.0' in page
    assert "\nhotspot_complaints_open 2.0" in page
    assert "\nhotspot_complaints_overdue 1.0" in page
    [line] = [line for line in page.splitlines() if line.startswith("hotspot_retention_last_success_timestamp_seconds")]
    assert float(line.split()[1]) == NOON - 50
    found = facts.read_facts(as_service(either_store, "monitor"), NOON)
    assert found == facts.Facts({"gw-museum-tosan-aji": 5}, {"gw-museum-tosan-aji": 2})


def test_without_a_nightly_run_there_is_no_time_of_its_last_success(either_store: Store, sites: Sites) -> None:
    metrics = Metrics()
    metrics.collect(lambda: facts.families(as_service(either_store, "monitor"), sites, NOON))

    assert "\nhotspot_retention_last_success_timestamp_seconds " not in metrics.page().decode()


def test_whatever_is_ticked_the_time_that_nobody_confirmed_is_in_no_state(store: Store) -> None:
    """Random ticks, states and absences, told by a model that knows nothing of intervals."""
    history, chance = History(as_service(store, "monitor"), JAKARTA), random.Random(7)
    for turn in range(12):
        subject, at, truth = ("device", f"box-{turn}"), NOON, dict.fromkeys(Kept, 0)
        before: tuple[int, State] = (at, State.UNKNOWN)
        for _ in range(12):
            state = chance.choice([State.UP, State.WEAK, State.DOWN, State.SHADOW, State.UNKNOWN])
            history.write(moment(at, {subject: state}, last=None))
            truth[OF_STATE[before[1]] if at - before[0] <= 180 else Kept.NO_DATA] += at - before[0]
            before, at = (at, state), at + chance.choice([30, 60, 180, 181, 900])
        with store.reading() as connection:
            seen = known(connection, NOON, before[0]).get(subject, [])

        assert seconds(stretches(seen, [], NOON, before[0])) == truth
