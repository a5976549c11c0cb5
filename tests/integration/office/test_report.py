"""The monthly report on both databases against months counted by hand: midnight, month end, lost Stop, reboot."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert, update

from hotspot import nightly
from hotspot.clock import local_hour, set_lab_clock
from hotspot.command import Settings
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import complaints, frozen_months, intervals, nas_facts, sessions, site_days, usage_hours
from office.report.__main__ import main
from tests.conftest import ROOT, FixedClock, as_service
from tests.rows import WIB, at, complaint, session

BESAR, MUSEUM = "alun-alun-besar", "museum-tosan-aji"  # open 05:00-23:00 and 08:00-16:00


def used(site: str, when: str, down: int, up: int, corrects: str = "") -> dict[str, Any]:
    return {
        "site": site, "nas": f"gw-{site}", "hour": local_hour(at(when), WIB), "corrects": corrects,
        "input_octets": up, "output_octets": down,
    }  # fmt: skip


def known(subject: str, state: str, start: str, end: str, *, kind: str = "nas", ended: bool = True) -> dict[str, Any]:
    return {
        "kind": kind, "subject": subject, "state": state, "began_at": at(start), "seen_until": at(end),
        "ended_at": at(end) if ended else None,
    }  # fmt: skip


class Office:
    """The command with its surroundings: put rows in, set the time, read what it prints."""

    def __init__(self, store: Store, sites: Sites, state: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.store, self.sites, self.state, self._capfd = store, sites, state, capfd
        self.url = as_service(store, "office").engine.url.render_as_string(hide_password=False)

    def put(self, table: Table, *rows: dict[str, Any]) -> None:
        with self.store.writing() as connection:
            connection.execute(insert(table), list(rows))

    def nightly(self, when: str) -> None:
        settings = Settings(ROOT / "sites.yaml", self.state, self.url, None, False, "info", {})
        assert nightly.run(settings, self.sites, as_service(self.store, "nightly"), FixedClock(at(when))) == 0

    def command(self, when: str, *words: str) -> tuple[int, str, str]:
        """The exit code, standard output and standard error of ``hotspot-report`` at a time."""
        set_lab_clock(self.state / "clock", at(when), 0)
        code = main([*words, "--sites", str(ROOT / "sites.yaml"), "--database", self.url])
        said = self._capfd.readouterr()
        return code, said.out, said.err

    def rows(self, when: str, month: str, *words: str) -> dict[str, dict[str, str]]:
        code, text, error = self.command(when, "--month", month, "--format", "csv", *words)
        assert code == 0, error
        return {row["site"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


@pytest.fixture
def office(
    either_store: Store,
    sites: Sites,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Office:
    state = tmp_path / "state"
    state.mkdir()
    monkeypatch.setenv("HOTSPOT_STATE", str(state))
    monkeypatch.setenv("HOTSPOT_CLOCK", str(state / "clock"))
    return Office(either_store, sites, state, capfd)


def picked(row: dict[str, str], columns: str) -> list[str]:
    return [row[column] for column in columns.split()]


USE = "sessions visits devices_daily_sum minutes peak_clients peak_at devices_not_counted unreported_sessions"
OCTETS = "download_bytes upload_bytes correction_download_bytes correction_upload_bytes"


def november(office: Office) -> None:
    """A month with everything that goes wrong in one; its figures are in the test below."""
    office.put(
        sessions,
        session(BESAR, "2026-10-31T23:50", "2026-11-01T00:20", device_day="z" * 20),  # October's, here after midnight
        session(BESAR, "2026-11-01T00:10", "2026-11-01T00:40", device_day="a" * 20),
        session(BESAR, "2026-11-01T01:05", "2026-11-01T01:15", device_day="a" * 20),  # the same visit
        session(BESAR, "2026-11-10T19:00", "2026-11-10T19:30", device_day="b" * 20, stopped_at=None),  # Stop was lost
        session(BESAR, "2026-11-10T19:10", "2026-11-10T19:40", device_day="c" * 20, nas="gw-rebooted", stopped_at=None),
        session(BESAR, "2026-11-10T19:20", "2026-11-10T19:50", device_day=None, random_mac=None),  # after its key's end
        session(
            BESAR, "2026-11-30T23:40", "2026-12-01T00:30", device_day="d" * 20
        ),  # December's minutes are November's
    )
    office.put(nas_facts, {"nas": "gw-rebooted", "boot_at": at("2026-11-10T19:45"), "heard_at": at("2026-11-10T19:45")})
    office.put(
        usage_hours,
        used(BESAR, "2026-10-31T23:00", 7_000, 700),
        used(BESAR, "2026-11-01T00:00", 5_000_000_000, 400),  # beyond 32 bits
        used(BESAR, "2026-11-30T23:00", 60, 5),
        used(BESAR, "2026-12-01T00:00", 8_000, 800),
        used(BESAR, "2026-11-03T10:00", 33, 11, corrects="2026-10"),
    )


NOVEMBER = ["6", "5", "4", "180", "3", "2026-11-10T19:20:00+07:00", "1", "2"]


def test_a_month_counted_by_hand(office: Office) -> None:
    november(office)
    row = office.rows("2026-12-03T12:00", "2026-11")[BESAR]

    assert picked(row, "month site site_name kecamatan") == [
        "2026-11", BESAR, "Alun-alun Besar Purworejo", "33.06.06",
    ]  # fmt: skip
    assert picked(row, USE) == NOVEMBER
    assert picked(row, OCTETS) == ["5000000060", "405", "33", "11"]


def test_the_figures_are_the_same_before_and_after_the_nightly_job_and_after_sessions_are_deleted(
    office: Office,
) -> None:
    november(office)
    live = office.rows("2026-12-03T12:00", "2026-11")
    office.nightly("2026-12-03T12:00")
    rolled = office.rows("2026-12-03T12:10", "2026-11")
    office.nightly("2027-02-01T12:00")
    with office.store.reading() as connection:
        assert connection.execute(sessions.select()).all() == []
    much_later = office.rows("2027-02-01T12:10", "2026-11")

    assert picked(live[BESAR], USE) == picked(rolled[BESAR], USE) == picked(much_later[BESAR], USE) == NOVEMBER
    assert live[BESAR]["devices_month"] == "0"
    assert rolled[BESAR]["devices_month"] == much_later[BESAR]["devices_month"] == "1"


def test_the_octets_of_a_session_over_the_end_of_a_month_are_in_both_months(office: Office) -> None:
    november(office)
    row = office.rows("2026-12-03T12:00", "2026-12")[BESAR]

    assert picked(row, "sessions minutes peak_clients download_bytes") == ["0", "0", "1", "8000"]


def test_a_day_that_changed_after_its_roll_up_is_counted_live(office: Office) -> None:
    office.put(sessions, session(BESAR, "2026-11-10T19:00", "2026-11-10T19:30", stopped_at=None))
    office.nightly("2026-11-10T20:00")
    with office.store.writing() as connection:
        stop = {"stopped_at": at("2026-11-10T19:50"), "last_seen_at": at("2026-11-10T19:50"), "seconds": 3000}
        connection.execute(update(sessions).values(**stop, changed_at=at("2026-11-10T20:10")))
    row = office.rows("2026-11-10T20:20", "2026-11")[BESAR]

    assert picked(row, "minutes unreported_sessions") == ["50", "0"]


def test_who_is_online_now_is_not_listed_as_unreported(office: Office) -> None:
    office.put(
        sessions,
        session(BESAR, "2026-11-10T19:00", "2026-11-10T19:55", stopped_at=None),
        session(BESAR, "2026-11-10T19:00", "2026-11-10T19:30", stopped_at=None),
    )
    row = office.rows("2026-11-10T20:00", "2026-11")[BESAR]

    assert picked(row, "sessions unreported_sessions peak_clients") == ["2", "1", "2"]


def test_every_site_has_a_row_of_zeros_in_a_month_without_data(office: Office) -> None:
    rows = office.rows("2026-12-03T12:00", "2026-11")

    assert list(rows) == list(office.sites.site)
    assert {row["availability"] for row in rows.values()} == {""}
    assert {tuple(picked(row, USE)) for row in rows.values()} == {("0", "0", "0", "0", "0", "", "0", "0")}
    assert rows[BESAR]["availability_unknown_minutes"] == str(30 * 18 * 60)


def test_a_site_that_left_sites_yaml_keeps_its_row(office: Office) -> None:
    office.put(usage_hours, used("old-site", "2026-11-05T10:00", 90, 10))
    rows = office.rows("2026-12-03T12:00", "2026-11")

    assert list(rows)[-1] == "old-site"
    assert picked(rows["old-site"], "site_name kecamatan download_bytes availability_unknown_minutes") == [
        "old-site", "", "90", "0",
    ]  # fmt: skip


def test_availability_counts_service_hours_and_leaves_out_what_nobody_knew(office: Office) -> None:
    gate = f"gw-{BESAR}"
    office.put(
        intervals,
        known(gate, "up", "2026-10-31T20:00", "2026-11-01T20:00"),
        known(gate, "down", "2026-11-01T20:00", "2026-11-01T20:01"),  # too short to be an outage, yet down
        known(gate, "up", "2026-11-01T20:01", "2026-11-01T22:00"),
        known(gate, "shadow", "2026-11-01T22:00", "2026-11-02T06:00"),  # 1 h before closing and 1 h after opening
        known(gate, "up", "2026-11-02T06:00", "2026-11-02T10:00", ended=False),  # then the monitor stopped
        known(f"gw-{MUSEUM}", "down", "2026-11-01T00:00", "2026-11-01T06:00"),  # closed at that time
        known(f"gw-{MUSEUM}", "shadow", "2026-11-01T08:00", "2026-11-01T09:30"),
        known("purworejo", "down", "2026-11-01T08:00", "2026-11-01T11:00", kind="link"),  # no NAS
    )
    rows = office.rows("2026-12-03T12:00", "2026-11")

    # Known: 18 h on day 1 and 5 h on day 2, of these 2 h 1 min down: 1259 of 1380 minutes were up.
    assert picked(rows[BESAR], "availability outages") == ["91.23", "1"]
    assert rows[BESAR]["availability_unknown_minutes"] == str(30 * 18 * 60 - 23 * 60)
    assert picked(rows[MUSEUM], "availability outages") == ["0.00", "1"]
    assert rows[MUSEUM]["availability_unknown_minutes"] == str(30 * 8 * 60 - 90)


def test_a_month_that_goes_on_is_known_up_to_now(office: Office) -> None:
    office.put(intervals, known(f"gw-{BESAR}", "up", "2026-11-01T00:00", "2026-11-02T12:00", ended=False))
    row = office.rows("2026-11-02T12:00", "2026-11")[BESAR]

    assert picked(row, "availability outages availability_unknown_minutes") == ["100.00", "0", "0"]


def test_complaints_belong_to_the_month_of_their_receipt(office: Office) -> None:
    office.put(
        complaints,
        complaint(BESAR, "2026-10-31T23:59", "2026-11-01T10:00"),
        complaint(BESAR, "2026-11-01T00:00", "2026-11-03T00:00"),
        complaint(BESAR, "2026-11-01T00:00", "2026-11-03T00:01"),
        complaint(BESAR, "2026-11-30T23:59"),
        complaint(BESAR, "2026-12-01T00:00"),
    )
    row = office.rows("2026-12-03T12:00", "2026-11")[BESAR]

    assert picked(row, "complaints complaints_on_time") == ["3", "1"]


def test_a_frozen_month_is_printed_as_it_was_frozen(office: Office) -> None:
    november(office)
    office.nightly("2026-12-01T00:00")
    live = office.rows("2026-12-01T00:00", "2026-11")
    code, _, said = office.command("2026-12-01T00:00", "--month", "2026-11", "--freeze")
    office.put(usage_hours, used(BESAR, "2026-11-20T10:00", 1, 1))
    office.put(complaints, complaint(BESAR, "2026-11-20T10:00"))

    assert code == 0
    assert said.startswith("2026-11 is frozen; the sha256 of its figures is ")
    assert office.rows("2027-03-01T00:00", "2026-11") == live


def test_a_month_is_not_frozen_before_the_nightly_job_has_seen_its_end(office: Office) -> None:
    november(office)
    office.nightly("2026-11-30T23:59")
    code, out, error = office.command("2026-12-01T00:00", "--month", "2026-11", "--freeze")

    assert (code, out) == (1, "")
    assert error == (
        "the nightly job has not run since the end of 2026-11, so the devices of its last hours are not counted; "
        "run: hotspot nightly, then freeze it\n"
    )


def test_a_month_is_frozen_once(office: Office) -> None:
    office.nightly("2026-12-03T12:00")
    office.rows("2026-12-03T12:00", "2026-11", "--freeze")
    code, out, error = office.command("2026-12-04T12:00", "--month", "2026-11", "--freeze")

    assert (code, out) == (1, "")
    assert error.startswith("2026-11 was frozen on 2026-12-03 12:00 (sha256 ")


def test_figures_that_somebody_changed_are_not_printed(office: Office) -> None:
    office.nightly("2026-12-03T12:00")
    office.rows("2026-12-03T12:00", "2026-11", "--freeze")
    with office.store.writing() as connection:
        figures = connection.execute(frozen_months.select()).one().figures
        connection.execute(update(frozen_months).values(figures=figures.replace('"2026-11"', '"2026-12"', 1)))
    code, out, error = office.command("2026-12-04T12:00", "--month", "2026-11")

    assert (code, out) == (1, "")
    assert "do not fit their sha256" in error


MISTAKES: Sequence[tuple[list[str], str]] = [
    (["--month", "2026-11", "--freeze"], "2026-11 goes on until 2026-12-01 00:00; freeze it after that\n"),
    (["--month", "2026-13"], "--month 2026-13: write it as YYYY-MM, for example 2026-11\n"),
    (["--month", "11/2026"], "--month 11/2026: write it as YYYY-MM, for example 2026-11\n"),
    (["--month", "2026-12"], "--month 2026-12 has not begun; the latest month with figures is 2026-11\n"),
    (
        ["--month", "2026-11", "--format", "doc"],
        "--format doc: there is no such kind; use csv or json or pdf or xlsx\n",
    ),
    (["--month", "2026-11", "--output", "/none/x.csv"], "--output /none/x.csv: No such file or directory\n"),
]


@pytest.mark.parametrize(("words", "sentence"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_a_mistake_gets_one_sentence(office: Office, words: list[str], sentence: str) -> None:
    assert office.command("2026-11-30T23:59", *words) == (1, "", sentence)


def test_the_file_is_written_whole_with_crlf(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "november.csv"
    assert office.command("2026-12-03T12:00", "--month", "2026-11", "--output", str(target)) == (0, "", "")

    lines = target.read_bytes().split(b"\r\n")
    assert len(lines) == len(office.sites.sites) + 2
    assert not any(b"\n" in line for line in lines)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".november")] == []


def test_reporting_changes_nothing_in_the_store(office: Office) -> None:
    november(office)
    office.rows("2026-12-03T12:00", "2026-11")

    with office.store.reading() as connection:
        assert connection.execute(site_days.select()).all() == []
