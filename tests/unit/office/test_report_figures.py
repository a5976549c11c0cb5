"""Each column of the report by its definition, from facts made by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotspot.nightly.figures import DayFigures
from office.report import csv_file, figures
from office.report.availability import Condition, Piece
from office.report.figures import COLUMNS, report
from office.report.month import Complaint, Octets, SiteMonth

WIB = ZoneInfo("Asia/Jakarta")
HOUR = 3600

# The part of the header that other people's tools rely on.
FIXED = (
    "month,site,site_name,kecamatan,sessions,visits,devices_daily_sum,devices_month,minutes,download_bytes,"
    "upload_bytes,peak_clients,peak_at,availability,outages,complaints,complaints_on_time"
)


def facts(**known: Any) -> SiteMonth:
    return SiteMonth("2026-11", WIB, "alun-alun-besar", "Alun-alun Besar", "33.06.06", **known)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=WIB).timestamp())


def test_the_columns_begin_as_promised() -> None:
    assert ",".join(column.__name__ for column in COLUMNS).startswith(FIXED + ",")


def test_every_column_says_what_it_means() -> None:
    assert [column.__name__ for column in COLUMNS if not column.__doc__] == []


def test_a_month_without_data_is_zeros_and_what_nobody_watched_is_left_empty() -> None:
    (row,) = report("2026-11", (facts(),)).rows

    assert row[4:] == (0, 0, 0, 0, 0, 0, 0, 0, None, None, None, 0, 0, 0, 0, 0, 0, 0)


def test_days_are_added_up_and_minutes_cut_once() -> None:
    days = (
        DayFigures(sessions=3, visits=2, devices=2, devices_not_counted=1, unstopped=1, seconds=90),
        DayFigures(sessions=1, visits=1, devices=1, devices_not_counted=0, unstopped=2, seconds=90),
    )
    month = facts(days=days, open_now=1)

    assert (figures.sessions(month), figures.visits(month), figures.devices_daily_sum(month)) == (4, 3, 3)
    assert (figures.devices_not_counted(month), figures.unreported_sessions(month), figures.minutes(month)) == (1, 2, 3)


def test_the_peak_is_the_first_minute_of_the_highest_day() -> None:
    days = (
        DayFigures(peak_clients=4, peak_at=at("2026-11-03T19:00")),
        DayFigures(peak_clients=7, peak_at=at("2026-11-09T20:15")),
        DayFigures(peak_clients=7, peak_at=at("2026-11-05T21:00")),
    )

    assert figures.peak_clients(facts(days=days)) == 7
    assert figures.peak_at(facts(days=days)) == "2026-11-05T21:00:00+07:00"


def test_download_is_what_came_to_the_visitor_and_corrections_stand_apart() -> None:
    month = facts(octets=Octets(download=90, upload=10), corrections=Octets(download=7, upload=3))

    assert (figures.download_bytes(month), figures.upload_bytes(month)) == (90, 10)
    assert (figures.correction_download_bytes(month), figures.correction_upload_bytes(month)) == (7, 3)


@pytest.mark.parametrize(
    ("up", "down", "percent"), [(HOUR, 0, 100.0), (99_999, 1, 99.99), (1, 2, 33.33), (0, HOUR, 0.0)]
)
def test_availability_is_cut_so_that_100_means_no_second_was_down(up: int, down: int, percent: float) -> None:
    history = (Piece(0, up, Condition.UP), Piece(up, up + down, Condition.DOWN))

    assert figures.availability(facts(history=history, service=((0, 1_000_000),))) == percent


def test_unknown_time_is_neither_up_nor_down_and_is_listed() -> None:
    history = (Piece(0, HOUR, Condition.UP), Piece(HOUR, 3 * HOUR, Condition.UNKNOWN))
    month = facts(history=history, service=((0, 4 * HOUR),))

    assert figures.availability(month) == 100.0
    assert figures.availability_unknown_minutes(month) == 180


def test_a_complaint_is_on_time_up_to_the_last_second_of_two_days() -> None:
    received = at("2026-11-20T10:00")
    answers = [received + 2 * 86_400, received + 2 * 86_400 + 1, None]
    month = facts(complaints=tuple(Complaint(received, answered) for answered in answers))

    assert (figures.complaints(month), figures.complaints_on_time(month)) == (3, 1)


def file_of(*sites: SiteMonth) -> bytes:
    made = report("2026-11", sites)
    return csv_file.table(made.columns, made.rows)


def test_the_file_is_as_rfc_4180_says() -> None:
    named = SiteMonth("2026-11", WIB, "a", 'Pendopo "Wabup", Kutoarjo\nTimur, Jåwå', "33.06.09")
    content = file_of(named)

    header, row = content.decode().split("\r\n", 1)
    assert header.startswith(FIXED)
    assert row.startswith('2026-11,a,"Pendopo ""Wabup"", Kutoarjo\nTimur, Jåwå",33.06.09,0,0,')
    assert row.endswith("\r\n")
    assert not content.startswith(b"\xef\xbb\xbf")


def test_a_share_has_two_digits_and_an_unknown_one_has_none() -> None:
    up = facts(history=(Piece(0, 60, Condition.UP),), service=((0, 60),))
    lines = file_of(up, facts()).decode().splitlines()

    assert [line.split(",")[13] for line in lines] == ["availability", "100.00", ""]
