"""The nightly job's dates, in a zone with whole hours and in one whose clocks are put forward."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hotspot.nightly import due

WIB = ZoneInfo("Asia/Jakarta")
DAY, HOUR = 86_400, 3600


def at(text: str, zone: ZoneInfo = WIB) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


@pytest.mark.parametrize(
    ("period", "end"),
    [
        ("day-2026-11-24", "2026-11-25T03:30"),
        ("day-2026-12-31", "2027-01-01T03:30"),
        ("month-2026-11", "2026-12-06T00:00"),
        ("month-2026-12", "2027-01-06T00:00"),
    ],
)
def test_a_key_ends_when_its_period_is_counted(period: str, end: str) -> None:
    assert due.key_ends_at(period, WIB) == at(end)


def test_a_day_key_ends_at_half_past_three_on_the_clock_also_when_clocks_change() -> None:
    zone = ZoneInfo("Europe/Berlin")

    assert due.key_ends_at("day-2026-03-28", zone) == at("2026-03-29T03:30", zone)


@pytest.mark.parametrize("period", ["day-2026-13-01", "month-2026", "week-2026-11", "anything", ""])
def test_what_is_no_period_never_ends(period: str) -> None:
    assert due.key_ends_at(period, WIB) is None


def test_what_passes_its_limit_within_the_hour_is_forgotten_now() -> None:
    now = at("2026-11-25T12:00")

    assert due.forget_until(now, DAY) == at("2026-11-24T13:00")


def test_a_day_counts_until_one_day_before_its_neighbour_is_deleted() -> None:
    kept = 35 * DAY
    last_count = due.counts_until("2026-10-20", WIB, kept)

    assert last_count == at("2026-11-23T00:00")
    assert due.delete_before(last_count + DAY - 1, WIB, kept) == at("2026-10-19T00:00")
    assert due.delete_before(last_count + DAY, WIB, kept) == at("2026-10-20T00:00")


def test_a_day_counts_to_its_end_however_short_sessions_are_kept() -> None:
    assert due.counts_until("2026-10-20", WIB, HOUR) == at("2026-10-21T00:00")
