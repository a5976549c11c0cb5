"""The nightly job on both databases: it counts before it forgets, forgets in time, and can run again at any moment."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.exc import OperationalError

from hotspot import nightly
from hotspot.command import OperatorError, Settings
from hotspot.mac import Mac
from hotspot.nightly import job
from hotspot.nightly.step import Task
from hotspot.pseudonym import KeyDestroyed, KeyRing, commitment, device_token
from hotspot.running import alone
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import (
    complaints,
    device_months,
    grants,
    journals,
    nas_facts,
    nightly_runs,
    pseudonym_keys,
    reservations,
    sessions,
    site_days,
    site_months,
    wishes,
)
from hotspot.wishes import Act, wish
from tests.conftest import FixedClock, as_service
from tests.rows import at, complaint, grant_of, reservation_of, session

SITE = "alun-alun-besar"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        sites=tmp_path / "sites.yaml", state=tmp_path / "state", database="", clock_file=None, check=False,
        log_level="info", environ={},
    )  # fmt: skip


@pytest.fixture
def keys(settings: Settings) -> KeyRing:
    return KeyRing(settings.state / "keys")


class House:
    """The job with its surroundings: put rows in, run at a time, look at the tables."""

    def __init__(self, settings: Settings, sites: Sites, store: Store) -> None:
        self.settings, self.sites, self.store = settings, sites, store

    def put(self, table: Table, *rows: dict[str, Any]) -> None:
        with self.store.writing() as connection:
            connection.execute(insert(table), list(rows))

    def run(self, when: str) -> int:
        return nightly.run(self.settings, self.sites, as_service(self.store, "nightly"), FixedClock(at(when)))

    def all(self, table: Table) -> Sequence[Any]:
        with self.store.reading() as connection:
            return connection.execute(select(table).order_by(*table.primary_key.columns)).all()


@pytest.fixture
def house(settings: Settings, sites: Sites, either_store: Store) -> House:
    return House(settings, sites, either_store)


def test_a_day_is_counted_from_the_sessions_that_started_on_it(house: House) -> None:
    house.put(
        sessions,
        session(SITE, "2026-11-23T23:50", "2026-11-24T00:10", device_day="x" * 20),
        session(SITE, "2026-11-24T10:00", "2026-11-24T10:30"),
        session(SITE, "2026-11-24T10:45", "2026-11-24T11:00"),
        session(SITE, "2026-11-24T10:10", "2026-11-24T10:20", device_day=None, random_mac=None),
        session(SITE, "2026-11-24T12:00", "2026-11-24T12:10", stopped_at=None),
        session("museum-tosan-aji", "2026-11-24T10:10", "2026-11-24T10:20"),
    )

    assert house.run("2026-11-24T13:00") == 0

    days = {(row.site, row.day): row for row in house.all(site_days)}
    day = days[SITE, "2026-11-24"]
    assert (day.sessions, day.visits, day.devices, day.devices_not_counted, day.random_macs) == (4, 3, 1, 1, 1)
    assert (day.unstopped, day.seconds) == (1, 1800 + 900 + 600 + 600)
    assert (day.peak_clients, day.peak_at) == (2, at("2026-11-24T10:10"))
    assert days[SITE, "2026-11-23"].sessions == 1
    assert days["museum-tosan-aji", "2026-11-24"].sessions == 1


def test_a_stay_up_to_midnight_does_not_touch_the_next_day(house: House) -> None:
    house.put(sessions, session(SITE, "2026-11-24T23:00", "2026-11-25T00:00"))
    house.run("2026-11-25T01:00")

    assert [row.day for row in house.all(site_days)] == ["2026-11-24"]


def test_a_late_stop_makes_its_day_be_counted_again(house: House) -> None:
    house.put(sessions, session(SITE, "2026-11-24T10:00", "2026-11-24T10:30", stopped_at=None))
    house.run("2026-11-24T11:00")
    late = {"stopped_at": at("2026-11-24T10:40"), "seconds": 2400, "changed_at": at("2026-11-26T08:00")}
    with house.store.writing() as connection:
        connection.execute(update(sessions).values(late))
    house.run("2026-11-26T08:30")

    (day,) = house.all(site_days)
    assert (day.unstopped, day.seconds, day.rolled_at) == (0, 2400, at("2026-11-26T08:30"))


def test_what_radius_stores_hours_after_it_came_is_counted_too(house: House) -> None:
    house.put(sessions, session(SITE, "2026-11-24T10:00", "2026-11-24T10:30"))
    house.run("2026-11-24T20:00")
    house.put(sessions, session(SITE, "2026-11-24T10:00", "2026-11-24T10:30"))  # kept in the journal since then
    house.run("2026-11-24T21:00")

    assert [row.sessions for row in house.all(site_days)] == [2]


def test_running_again_changes_nothing(house: House) -> None:
    house.put(sessions, session(SITE, "2026-11-24T10:00", "2026-11-24T10:30"))
    house.run("2026-11-24T11:00")
    tables = (sessions, site_days, device_months, pseudonym_keys)
    before = [house.all(table) for table in tables]
    house.run("2026-11-24T11:00")

    assert [house.all(table) for table in tables] == before


def test_macs_are_gone_a_day_after_the_end_and_not_while_someone_is_online(house: House) -> None:
    house.put(
        sessions,
        session(SITE, "2026-11-24T10:00", "2026-11-24T12:00"),
        session(SITE, "2026-11-24T10:00", "2026-11-24T12:30", stopped_at=None),  # its Stop was lost
        session(SITE, "2026-11-24T10:00", "2026-11-24T13:30"),  # can wait for the next run
        session(SITE, "2026-11-24T10:00", "2026-11-25T11:59", stopped_at=None),  # online
    )
    house.run("2026-11-25T12:00")

    rows = house.all(sessions)
    assert [(row.mac, row.user_name, row.address) for row in rows[:2]] == [(None, None, None)] * 2
    assert [row.scrubbed_at for row in rows] == [at("2026-11-25T12:00")] * 2 + [None, None]
    assert all(row.mac and row.user_name and row.address for row in rows[2:])


def test_a_session_that_a_reboot_closed_is_emptied_a_day_after_its_last_sign_of_life(house: House) -> None:
    patient = {"interim": 40_000, "stopped_at": None}  # without the reboot it would not even be stale
    house.put(
        sessions,
        session(SITE, "2026-11-24T10:00", "2026-11-24T12:00", nas="gw-booted", **patient),
        session(SITE, "2026-11-24T10:00", "2026-11-24T12:00", nas="gw-steady", **patient),
    )
    house.put(nas_facts, {"nas": "gw-booted", "boot_at": at("2026-11-24T12:05"), "heard_at": at("2026-11-25T11:00")})
    house.run("2026-11-25T12:00")

    assert {row.nas: row.mac for row in house.all(sessions)} == {"gw-booted": None, "gw-steady": "021122000001"}


def test_more_sessions_than_one_batch_are_emptied_in_one_run(house: House) -> None:
    house.put(sessions, *(session(SITE, "2026-11-24T10:00", "2026-11-24T12:00") for _ in range(1100)))
    house.run("2026-11-26T12:00")

    assert {row.mac for row in house.all(sessions)} == {None}


def test_the_macs_of_grants_and_reservations_go_too(house: House) -> None:
    ended = session(SITE, "2026-11-24T10:00", "2026-11-24T10:05")
    online = session(SITE, "2026-11-24T10:00", "2026-11-25T10:00", stopped_at=None)
    never_started = session(SITE, "2026-11-24T09:00", "2026-11-24T09:00")
    fresh = session(SITE, "2026-11-25T09:00", "2026-11-25T09:00")
    patient = session(SITE, "2026-11-23T09:00", "2026-11-23T09:00")
    house.put(sessions, ended, online)
    house.put(grants, grant_of(ended), grant_of(never_started), grant_of(fresh))
    house.put(grants, grant_of(patient, expires_at=at("2026-11-25T10:02")))
    house.put(
        reservations,
        reservation_of(ended, ends_at=at("2026-11-26T10:00")),
        reservation_of(online, ends_at=at("2026-11-26T10:00")),
        reservation_of(never_started),
        reservation_of(fresh),
    )
    house.run("2026-11-25T10:01")

    assert {row.id for row in house.all(grants)} == {fresh["grant_id"], patient["grant_id"]}
    assert {row.grant_id for row in house.all(reservations)} == {online["grant_id"], fresh["grant_id"]}


def test_a_device_is_noted_in_its_month_before_its_mac_goes(house: House, keys: KeyRing) -> None:
    house.put(
        sessions,
        session(SITE, "2026-10-31T23:59", "2026-11-01T00:30"),
        session(SITE, "2026-11-01T00:30", "2026-11-01T00:40"),
        session(SITE, "2026-11-03T10:00", "2026-11-03T10:10"),
        session(SITE, "2026-11-03T10:00", "2026-11-03T10:10", mac="021122000002"),
        session("museum-tosan-aji", "2026-11-03T10:00", "2026-11-03T10:10"),
    )
    house.run("2026-11-05T12:00")

    token = device_token(keys.get("month-2026-11"), b"m1", Mac("021122000001"))
    other = device_token(keys.get("month-2026-11"), b"m1", Mac("021122000002"))
    noted = {(row.month, row.site, row.token): row.days_seen for row in house.all(device_months)}
    assert noted == {
        ("2026-10", SITE, device_token(keys.get("month-2026-10"), b"m1", Mac("021122000001"))): 1 << 30,
        ("2026-11", SITE, token): 0b101,
        ("2026-11", SITE, other): 0b100,
        ("2026-11", "museum-tosan-aji", token): 0b100,
    }
    assert {row.mac for row in house.all(sessions)} == {None}


def test_a_day_that_comes_later_is_added_to_those_of_its_device(house: House) -> None:
    house.put(sessions, session(SITE, "2026-11-03T10:00", "2026-11-03T10:10"))
    house.run("2026-11-05T11:00")
    house.put(sessions, session(SITE, "2026-11-09T10:00", "2026-11-09T10:10"))
    house.run("2026-11-09T11:00")

    assert [row.days_seen for row in house.all(device_months)] == [0b1_0000_0100]


def test_a_mac_that_came_after_the_first_step_is_noted_as_it_is_emptied(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "STEPS", tuple(step for step in job.STEPS if step[0] == "scrub"))
    house.put(sessions, session(SITE, "2026-11-03T10:00", "2026-11-03T10:10"))
    house.run("2026-11-05T12:00")

    assert [row.mac for row in house.all(sessions)] == [None]
    assert [row.days_seen for row in house.all(device_months)] == [0b100]


def test_a_session_of_a_month_long_gone_makes_no_key_for_it(house: House, keys: KeyRing) -> None:
    house.put(sessions, session(SITE, "2026-09-10T10:00", "2026-09-10T10:10"))
    house.run("2026-11-24T12:00")

    assert (keys.periods(), house.all(pseudonym_keys), house.all(device_months)) == ([], [], [])


def test_a_month_that_was_closed_keeps_its_figures(house: House) -> None:
    closed = {"site": SITE, "month": "2026-09", "devices": 9, "seen_again": 4, "rolled_at": 1}
    house.put(site_months, closed)
    house.put(device_months, {"month": "2026-09", "site": SITE, "token": "f" * 20, "days_seen": 1})

    assert house.run("2026-11-24T12:00") == 0
    assert [row._asdict() for row in house.all(site_months)] == [closed]
    assert house.all(device_months) == []


def test_a_month_is_closed_five_days_into_the_next_and_takes_no_more_devices(house: House, keys: KeyRing) -> None:
    house.put(
        sessions,
        session(SITE, "2026-11-01T10:00", "2026-11-01T10:10"),
        session(SITE, "2026-11-02T10:00", "2026-11-02T10:10"),
        session(SITE, "2026-11-02T10:00", "2026-11-02T10:10", mac="021122000002"),
    )
    house.run("2026-11-02T11:00")
    key = keys.get("month-2026-11")
    house.run("2026-12-05T23:59")
    assert house.all(site_months) == []
    assert keys.periods() == ["month-2026-11"]
    house.run("2026-12-06T00:00")
    house.put(sessions, session(SITE, "2026-11-30T10:00", "2026-11-30T10:10", changed_at=at("2026-12-06T00:30")))
    house.run("2026-12-06T01:00")

    (month,) = house.all(site_months)
    assert (month.month, month.devices, month.seen_again) == ("2026-11", 2, 1)
    assert month.rolled_at == at("2026-12-06T00:00")
    assert house.all(device_months) == []
    with pytest.raises(KeyDestroyed):
        keys.get("month-2026-11")
    (row,) = house.all(pseudonym_keys)
    assert (row.commitment, row.destroyed_at) == (commitment(key), at("2026-12-06T00:00"))


def test_a_day_key_lives_until_half_past_three_and_its_end_is_recorded(house: House, keys: KeyRing) -> None:
    key = keys.get("day-2026-11-24")
    keys.get("day-2026-11-25")
    house.run("2026-11-25T03:29")
    assert keys.periods() == ["day-2026-11-24", "day-2026-11-25"]
    house.run("2026-11-25T03:30")

    assert keys.periods() == ["day-2026-11-25"]
    with pytest.raises(KeyDestroyed):
        keys.get("day-2026-11-24")
    rows = {row.period: row for row in house.all(pseudonym_keys)}
    assert rows["day-2026-11-24"].commitment == commitment(key)
    assert rows["day-2026-11-24"].destroyed_at == at("2026-11-25T03:30")
    assert rows["day-2026-11-25"].destroyed_at is None


def test_a_day_key_waits_for_a_device_that_has_no_token_yet_but_not_for_ever(house: House, keys: KeyRing) -> None:
    keys.get("day-2026-11-24")
    house.put(sessions, session(SITE, "2026-11-24T20:00", "2026-11-24T21:00", device_day=None))
    house.run("2026-11-25T03:30")
    assert keys.periods() == ["day-2026-11-24", "month-2026-11"]
    house.run("2026-11-25T20:00")

    assert keys.periods() == ["month-2026-11"]


def test_the_end_of_a_key_is_recorded_after_an_interrupted_run_and_never_for_a_key_elsewhere(
    house: House, keys: KeyRing
) -> None:
    house.put(
        pseudonym_keys,
        {"period": "day-2026-11-20", "commitment": "a" * 64, "born_at": 1, "destroyed_at": None},
        {"period": "day-2026-11-21", "commitment": "b" * 64, "born_at": 1, "destroyed_at": None},
    )
    keys.destroy("day-2026-11-20")
    house.run("2026-11-25T12:00")

    assert [row.destroyed_at for row in house.all(pseudonym_keys)] == [at("2026-11-25T12:00"), None]


def test_old_sessions_go_by_whole_days_and_their_figures_stay(house: House) -> None:
    house.put(
        sessions,
        session(SITE, "2026-10-01T23:50", "2026-10-02T00:20"),
        session(SITE, "2026-10-02T00:00", "2026-10-02T00:10"),
    )
    house.run("2026-10-02T01:00")
    house.run("2026-11-05T23:59")
    assert len(house.all(sessions)) == 2
    house.run("2026-11-06T00:00")
    assert [row.started_at for row in house.all(sessions)] == [at("2026-10-02T00:00")]
    late = session(SITE, "2026-10-02T09:00", "2026-10-02T09:10", changed_at=at("2026-11-06T09:00"))
    house.put(sessions, late)
    house.run("2026-11-06T09:30")
    house.run("2026-11-07T00:00")

    assert house.all(sessions) == []
    days = {row.day: (row.sessions, row.peak_clients) for row in house.all(site_days)}
    assert days == {"2026-10-01": (1, 1), "2026-10-02": (1, 2)}


def test_a_session_that_still_goes_on_is_not_deleted_however_old(house: House) -> None:
    house.put(sessions, session(SITE, "2026-10-01T10:00", "2026-12-24T11:59", stopped_at=None))
    house.run("2026-12-24T12:00")
    house.run("2026-12-24T13:00")

    assert [row.mac for row in house.all(sessions)] == ["021122000001"]


def test_sessions_that_were_never_counted_are_counted_before_they_go(house: House) -> None:
    house.put(sessions, session(SITE, "2026-10-01T10:00", "2026-10-01T10:10"))
    house.run("2026-12-24T12:00")

    assert house.all(sessions) == []
    assert [(row.day, row.sessions) for row in house.all(site_days)] == [("2026-10-01", 1)]


def test_sessions_stay_when_their_roll_up_fails(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_task: Task) -> str:
        raise RuntimeError("no roll-up today")

    steps = [(name, broken if name == "days" else step) for name, step in job.STEPS]
    monkeypatch.setattr(job, "STEPS", tuple(steps))
    house.put(sessions, session(SITE, "2026-10-01T10:00", "2026-10-01T10:10"))

    assert house.run("2026-12-24T12:00") == 1
    (row,) = house.all(sessions)
    assert row.mac is None
    outcomes = {run.step: run.outcome for run in house.all(nightly_runs)}
    assert outcomes["days"].startswith("failed: RuntimeError (test_nightly.py:")
    assert outcomes["days"].endswith("no roll-up today")
    assert all(outcome.startswith("ok: ") for step, outcome in outcomes.items() if step != "days")


def test_a_databases_error_is_told_without_the_values_of_its_statement(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked(_task: Task) -> str:
        raise OperationalError("UPDATE sessions SET mac=?", ("0211220000aa",), Exception("database is locked"))

    monkeypatch.setattr(job, "STEPS", (("scrub", locked),))

    assert house.run("2026-11-24T12:00") == 1
    assert [run.outcome for run in house.all(nightly_runs)] == ["failed: database is locked"]
    assert "0211220000aa" not in caplog.text


def test_each_step_is_recorded_with_its_times(house: House) -> None:
    house.run("2026-11-24T12:00")

    runs = house.all(nightly_runs)
    assert [run.step for run in runs] == ["devices", "days", "scrub", "erase", "expiry", "months", "keys"]
    assert {(run.began_at, run.finished_at) for run in runs} == {(at("2026-11-24T12:00"),) * 2}


def test_how_far_a_journal_was_applied_is_forgotten_after_the_time_of_an_audit(house: House) -> None:
    for name, moment in (("old", "2025-10-01T12:00"), ("new", "2026-11-01T12:00")):
        house.put(journals, {"name": name, "applied_to": 20, "changed_at": at(moment)})

    house.run("2026-11-24T12:00")

    assert [row.name for row in house.all(journals)] == ["new"]


def test_what_was_wished_for_a_session_is_forgotten_after_the_time_of_an_audit(house: House) -> None:
    with house.store.writing() as connection:
        for number, moment in enumerate(("2025-10-01T12:00", "2026-11-01T12:00")):
            wish(connection, number, Act.END, reason="office", by="office", now=at(moment))
            wish(connection, number, Act.END, reason="asked-twice", by="office", now=at(moment))

    house.run("2026-11-24T12:00")

    assert [(row.session, row.reason) for row in house.all(wishes)] == [(1, "office")]


def test_two_runs_never_meet(house: House) -> None:
    with (
        alone(house.settings.run_folder, "nightly", "wait for it"),
        pytest.raises(OperatorError, match="another hotspot nightly is running"),
    ):
        house.run("2026-11-24T12:00")


def test_contacts_go_a_month_after_the_answer_and_texts_after_a_year(house: House) -> None:
    house.put(
        complaints,
        complaint(SITE, "2025-11-20T12:00"),
        complaint(SITE, "2026-10-01T12:00", "2026-10-02T12:00"),
        complaint(SITE, "2026-10-01T12:00"),
        complaint(SITE, "2026-11-01T12:00", "2026-11-02T12:00"),
    )
    house.run("2026-11-24T12:00")

    rows = [(row.contact, row.text) for row in house.all(complaints)]
    assert rows == [(None, ""), (None, "lambat"), ("0811", "lambat"), ("0811", "lambat")]


def test_no_key_ever_stands_in_the_database_or_open_to_others(house: House, keys: KeyRing) -> None:
    house.put(sessions, session(SITE, "2026-11-24T10:00", "2026-11-24T10:10"))
    house.run("2026-11-24T12:00")

    (row,) = house.all(pseudonym_keys)
    assert row.commitment == commitment(keys.get("month-2026-11"))
    assert keys.get("month-2026-11").hex() not in repr(row)
    (file,) = (house.settings.state / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_month_of_many_sessions_is_counted_whole(house: House) -> None:
    rows = [
        session(
            SITE,
            f"2026-11-{1 + n % 28:02}T10:{n % 60:02}",
            f"2026-11-{1 + n % 28:02}T12:00",
            device_day=f"{n % 90:020x}",
            mac=f"0211220{n % 90:05x}",
        )
        for n in range(1400)
    ]
    house.put(sessions, *rows)
    assert house.run("2026-11-29T12:00") == 0

    with house.store.reading() as connection:
        assert connection.execute(select(func.sum(site_days.c.sessions))).scalar_one() == 1400
