"""The books on both databases: every octet credited once, to its hour; no report's trouble is another's."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, text, update

from hotspot import tables
from hotspot.command import OperatorError
from hotspot.policy import Reason
from hotspot.sites import Sites
from hotspot.store import Store, open_store
from radius.books import Books, Done, Outcome, Probe, Undone, Work
from radius.event import Boot, SignOfLife, Status
from radius.ledger import Ledger
from radius.login import Accepted, Refused
from radius.pseudonyms import Pseudonyms
from radius.redemption import Redemption
from tests.conftest import FixedClock
from tests.integration.radius.desk import KEY, NAS, NOON, SITE, Desk, at, report

HOURS = ("hour", "corrects", "input_octets", "output_octets")


def test_each_increase_is_credited_to_the_hour_of_its_report(desk: Desk) -> None:
    start = NOON - 3600
    desk.book(report(Status.START, start, 0), report(Status.INTERIM, start + 1800, 1800, input_octets=10))
    desk.book(report(Status.INTERIM, start + 3700, 3700, input_octets=25, output_octets=4))
    desk.book(report(Status.INTERIM, start + 3700, 3700, input_octets=25, output_octets=4))

    assert desk.rows(tables.usage_hours, *HOURS) == [(NOON - 3600, "", 10, 0), (NOON, "", 15, 4)]


def test_what_comes_too_late_for_a_frozen_month_is_a_visible_correction_in_this_hour(desk: Desk) -> None:
    with desk.store.writing() as connection:
        frozen = {"month": "2026-10", "figures": "{}", "sha256": "0" * 64, "frozen_at": NOON}
        connection.execute(insert(tables.frozen_months), frozen)
    october = at("2026-10-31T23:00:00")

    desk.book(
        report(Status.INTERIM, october, 600, input_octets=7), report(Status.INTERIM, NOON, 60, "s2", input_octets=1)
    )

    assert desk.rows(tables.usage_hours, *HOURS) == [(NOON, "", 1, 0), (NOON, "2026-10", 7, 0)]


@pytest.mark.parametrize("seed", range(3))
def test_any_order_repetition_and_batching_books_the_same_octets_and_rows(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    steps = [
        report(Status.INTERIM, NOON + 300 * turn, 300 * turn, f"s{number}", input_octets=turn * number)
        for number in range(1, 8)
        for turn in range(12)
    ]
    steps += chance.choices(steps, k=20)
    chance.shuffle(steps)
    while steps:
        size = chance.randrange(1, 30)
        desk.book(*steps[:size])
        steps = steps[size:]

    sessions = desk.rows(
        tables.sessions, "acct_session_id", "generation", "started_at", "input_octets", "counted_input"
    )
    assert sessions == [(f"s{number}", 0, NOON, 11 * number, 11 * number) for number in range(1, 8)]
    assert sum(row[2] for row in desk.rows(tables.usage_hours, *HOURS)) == sum(row[3] for row in sessions)
    assert f'hotspot_session_bytes_total{{direction="upload",site="{SITE}"}} 308.0' in desk.measures.page().decode()


def test_a_session_over_the_end_of_a_month_stays_one_row(desk: Desk) -> None:
    start = at("2026-10-31T23:59:50")
    desk.book(report(Status.INTERIM, start + 600, 595), report(Status.START, start, 0))
    desk.book(
        report(Status.STOP, start + 900, None, user_name="G1@purworejo"), report(Status.INTERIM, start + 300, 280)
    )

    ((began, stopped),) = desk.rows(tables.sessions, "started_at", "stopped_at")
    assert (began, stopped) == (start, start + 900)


def test_a_report_for_a_day_whose_key_is_destroyed_is_booked_without_a_device(desk: Desk) -> None:
    desk.ring.get("day-2026-11-20")
    desk.ring.destroy("day-2026-11-20")

    assert desk.book(report(Status.STOP, at("2026-11-20T10:00:00"), 60, input_octets=5)) == [Done()]
    assert desk.rows(tables.sessions, "device_day", "input_octets") == [(None, 5)]


def test_a_report_for_a_destroyed_month_is_still_one_row_when_repeated(desk: Desk) -> None:
    desk.ring.get("month-2026-10")
    desk.ring.destroy("month-2026-10")
    late = report(Status.STOP, at("2026-10-30T10:00:00"), 60, received_at=NOON)

    desk.book(late)
    desk.book(late)

    assert len(desk.rows(tables.sessions, "uid")) == 1


def test_the_nightly_jobs_scrubbing_is_not_undone_by_a_late_report(desk: Desk) -> None:
    desk.book(report(Status.STOP, NOON, 600))
    with desk.store.writing() as connection:
        emptied = {"mac": None, "user_name": None, "address": None, "scrubbed_at": NOON + 90_000}
        connection.execute(update(tables.sessions).values(emptied))
    (device,) = desk.rows(tables.sessions, "device_day")

    desk.book(report(Status.INTERIM, NOON - 60, 540, input_octets=9, address="10.1.1.1"))

    assert desk.rows(tables.sessions, "mac", "user_name", "address", "input_octets", "device_day") == [
        (None, None, None, 9, *device)
    ]


def test_a_boot_only_moves_forward(desk: Desk) -> None:
    desk.book(Boot(NAS, NOON), SignOfLife("gw-pendopo-bupati", NOON))
    desk.book(Boot(NAS, NOON - 500), report(Status.START, NOON, 0))

    assert desk.rows(tables.nas_facts, "nas", "boot_at") == [(NAS, NOON), ("gw-pendopo-bupati", None)]


def test_the_births_of_keys_are_written_with_what_they_served(desk: Desk) -> None:
    desk.book(report(Status.START, NOON, 0))
    desk.book(report(Status.START, NOON + 1, 0, "s2"))

    assert desk.rows(tables.pseudonym_keys, "period", "born_at") == [("day-2026-11-24", NOON), ("month-2026-11", NOON)]


def test_one_report_that_cannot_be_booked_does_not_silence_the_others(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    poison = report(Status.START, 2**70, 0, "s-poison")

    outcomes = desk.book(report(Status.START, NOON, 0), poison, report(Status.START, NOON, 0, "s2"))

    assert outcomes == [Done(), Undone(), Done()]
    assert [row[0] for row in desk.rows(tables.sessions, "acct_session_id")] == ["s1", "s2"]
    assert "a step could not be booked" in caplog.text


def test_nothing_is_acknowledged_while_the_database_is_away_and_all_is_when_it_is_back(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    with desk.store.writing() as connection:
        connection.execute(text("ALTER TABLE nas_facts RENAME TO away"))
    work: Sequence[Work] = (report(Status.START, NOON, 0), SignOfLife(NAS, NOON), Probe())
    assert desk.book(*work) == [Undone(away=True)] * 3
    assert desk.book(*work) == [Undone(away=True)] * 3
    with desk.store.writing() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO nas_facts"))

    assert desk.book(*work) == [Done()] * 3
    assert caplog.text.count("the database is away") == 1
    assert caplog.text.count("the database is back") == 1


def test_two_processes_may_book_the_same_sessions_at_once(desk: Desk, sites: Sites, tmp_path: Path) -> None:
    other = open_store(desk.store.engine.url.render_as_string(hide_password=False))
    desks = [desk, Desk(other, sites, tmp_path / "keys", FixedClock(NOON))]
    outcomes: list[Outcome] = []

    def work(desk: Desk, first: int) -> None:
        for turn in range(first, 40, 2):
            steps = (report(Status.INTERIM, NOON + turn, turn, f"s{n}", input_octets=10 * turn) for n in range(10))
            outcomes.extend(desk.book(*steps))

    threads = [threading.Thread(target=work, args=(desk, first)) for first, desk in enumerate(desks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()

    assert set(map(type, outcomes)) == {Done}
    assert desks[0].rows(tables.sessions, "generation", "input_octets", "seconds") == [(0, 390, 39)] * 10
    assert sum(row[2] for row in desks[0].rows(tables.usage_hours, *HOURS)) == 3900


def test_a_row_that_another_process_wrote_first_is_met_on_the_second_try(desk: Desk) -> None:
    """The row appears between our look and our insert."""
    step = report(Status.INTERIM, NOON, 60, input_octets=5)
    times: list[int] = []
    desk.book(step)
    ((uid,),) = desk.rows(tables.sessions, "uid")

    @event.listens_for(desk.engine, "before_cursor_execute", retval=True)
    def blind(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool) -> tuple[str, Any]:
        if "FROM sessions" in statement and "WHERE sessions.uid" in statement and not times:
            times.append(1)
            return statement.replace("WHERE sessions.uid", "WHERE sessions.uid || 'x'"), parameters
        return statement, parameters

    assert desk.book(replace(step, input_octets=8)) == [Done()]
    event.remove(desk.engine, "before_cursor_execute", blind)
    assert (times, desk.rows(tables.sessions, "uid", "input_octets")) == ([1], [(uid, 8)])


def test_whatever_a_nas_calls_a_session_is_kept_as_it_is(desk: Desk) -> None:
    """Many rows travel as arrays in one text, where quotes, braces and the word NULL mean something."""
    names = ['a"b', "c\\", '{d,"e"}', "NULL", "null", "f'g%s", "h i\n", "\\x00", "é漢", ",", "()", "?1"]
    desk.book(*(report(Status.START, NOON, 0, name, user_name=name) for name in names))
    desk.book(*(report(Status.INTERIM, NOON + 60, 60, name, user_name=name, address="10.1.2.3") for name in names))

    told = desk.rows(tables.sessions, "acct_session_id", "user_name", "address", "seconds", "stopped_at")
    assert sorted(told) == sorted((name, name, "10.1.2.3", 60, None) for name in names)


def test_the_last_place_of_a_full_site_is_given_once(desk: Desk, sites: Sites) -> None:
    capacity = sites.site[SITE].capacity
    clients = [desk.mint(f"g{number}", mac=f"0211220{number:05x}") for number in range(capacity + 5)]

    outcomes = desk.book(*clients)

    assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == capacity
    assert {o.reason for o in outcomes if isinstance(o, Refused)} == {Reason.FULL}
    assert len(desk.rows(tables.reservations, "class_token")) == capacity


def test_a_second_redemption_promises_no_more_time_than_the_first(desk: Desk) -> None:
    login = desk.mint()
    (first,) = desk.book(login)
    desk.clock.at += 100
    (again,) = desk.book(login)

    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert (again.class_token, again.limits.seconds) == (first.class_token, first.limits.seconds - 100)


def test_a_used_up_day_is_refused_at_redemption(desk: Desk) -> None:
    (first,) = desk.book(desk.mint())
    assert isinstance(first, Accepted)
    desk.book(report(Status.STOP, NOON, 6 * 3600, class_token=first.class_token))

    assert desk.book(desk.mint("g2")) == [Refused(Reason.TIME_USED, "tap")]


def test_what_is_left_of_the_days_data_is_promised_and_nothing_left_is_refused(desk: Desk) -> None:
    house: dict[str, Any] = {"nas": "gw-pendopo-wabup", "site": "pendopo-wabup"}  # 3 GB a day, then the end
    octets: dict[str, Any] = {"input_octets": 1_000_000_000, "output_octets": 1_500_000_000, **house}
    desk.book(report(Status.STOP, NOON, 600, **octets))
    (left,) = desk.book(desk.mint("g2", **house))
    desk.book(report(Status.STOP, NOON, 600, "s2", **octets))
    nothing = desk.book(desk.mint("g3", **house))

    assert isinstance(left, Accepted)
    assert left.limits.octets == 500_000_000
    assert nothing == [Refused(Reason.DATA_USED, "tap")]


def test_a_database_that_turns_out_to_be_the_wrong_one_is_as_good_as_away_until_it_is_right(
    desk: Desk, sites: Sites, caplog: pytest.LogCaptureFixture
) -> None:
    faults = [OperatorError("the database is empty; run: hotspot db upgrade")]

    def meet() -> None:
        if faults:
            raise faults[0]

    pseudonyms = Pseudonyms(desk.ring, sites.timezone, KEY)
    books = Books(
        Store(desk.engine),
        ledger=Ledger(sites, pseudonyms),
        redemption=Redemption(sites, pseudonyms),
        pseudonyms=pseudonyms,
        clock=desk.clock,
        measures=desk.measures,
        meet=meet,
    )

    assert books.commit([Probe()]) == [Undone(away=True)]
    assert [getattr(record, "fields", {}).get("reason") for record in caplog.records] == [str(faults[0])]
    faults.clear()
    assert books.commit([Probe()]) == [Done()]
