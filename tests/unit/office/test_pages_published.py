"""Open data: nothing of fewer than ten devices, neither shown nor to be had by subtraction."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.sites import Sites
from office.anonymity import FEWEST, hidden_cells, hidden_days, public_count, rounded, without_company
from office.facts import Data, Day
from office.published import Question, by_day, by_month, understand

TODAY, NOW = date(2026, 11, 24), "2026-11-24"


def a_day(day: str, devices: int, site: str = "romansa-kuliner") -> Day:
    return Day(site, day, devices * 2, devices, devices, devices * 60, devices, Data(devices * 100, devices * 10))


def test_nine_are_too_few_and_ten_are_not() -> None:
    assert (public_count(9), public_count(10)) == (None, 10)


@given(st.dictionaries(st.integers(1, 31).map(str), st.integers(0, 60), max_size=31))
def test_what_is_hidden_is_never_one_day_nor_fewer_than_ten_devices(devices: dict[str, int]) -> None:
    hidden = hidden_days(devices)

    assert all(day in hidden for day, count in devices.items() if count < FEWEST)
    if hidden and not without_company(devices):
        assert len(hidden) >= 2
        assert sum(devices[day] for day in hidden) >= FEWEST


@given(st.lists(st.integers(0, 60), max_size=31))
def test_what_was_shown_once_is_never_hidden_later(counts: list[int]) -> None:
    """Who looks every day keeps what was shown."""
    days = {f"{number:02}": count for number, count in enumerate(counts, 1)}
    for number in range(len(days)):
        so_far = dict(list(days.items())[:number])
        assert hidden_days(so_far) == hidden_days(days) & set(so_far)


def test_a_small_day_has_no_figures_and_says_why() -> None:
    rows = by_day(
        [a_day("2026-10-01", 4), a_day("2026-10-02", 7), a_day("2026-10-03", 50)], "2026-10-01", "2026-10-31", NOW
    )

    assert rows[0] == {
        "site": "romansa-kuliner",
        "day": "2026-10-01",
        "devices": None,
        "sessions": None,
        "visits": None,
        "minutes": None,
        "download_bytes": None,
        "upload_bytes": None,
        "less_than": 10,
    }
    assert rows[2]["devices"] == 50
    assert "less_than" not in rows[2]


def test_a_narrower_question_does_not_show_what_a_wider_one_hides() -> None:
    month = [a_day("2026-10-01", 4), a_day("2026-10-02", 20), a_day("2026-10-03", 50)]

    (row,) = by_day(month, "2026-10-02", "2026-10-02", NOW)

    assert row["devices"] is None


def test_a_running_month_has_no_total_yet() -> None:
    days = [a_day("2026-10-31", 20), a_day("2026-11-01", 30)]

    rows = by_month(days, {("romansa-kuliner", "2026-10"): 15}, "2026-11")

    assert [(row["month"], row["devices_daily_sum"], row["devices_month"]) for row in rows] == [("2026-10", 20, 15)]


def test_a_month_of_few_devices_is_hidden_whole() -> None:
    days = [a_day(f"2026-10-{n:02}", 3) for n in range(1, 31)]

    (row,) = by_month(days, {("romansa-kuliner", "2026-10"): 5}, "2026-11")

    assert (row["devices_daily_sum"], row["download_bytes"], row["devices_month"]) == (None, None, None)


def test_a_question_of_months_covers_them_whole(sites: Sites) -> None:
    asked = {"from": "2026-02", "to": "2026-02", "by": "month", "site": "romansa-kuliner"}

    assert understand(asked, sites, TODAY) == Question(date(2026, 2, 1), date(2026, 2, 28), "romansa-kuliner", "month")


def test_without_parameters_the_last_thirty_days_are_meant(sites: Sites) -> None:
    assert understand({}, sites, TODAY) == Question(date(2026, 10, 25), TODAY, None, "day")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"form": "2026-01-01"}, "unknown parameter form; there are from, to, site, by"),
        ({"by": "hour"}, "by must be day or month"),
        ({"site": "nowhere"}, "there is no such site; /api/v1/sites lists them"),
        ({"from": "yesterday"}, "from and to must be dates like 2026-11-24 or months like 2026-11"),
        ({"to": "9999-12"}, "from and to must be dates like 2026-11-24 or months like 2026-11"),
        ({"from": "2026-11-25"}, "from must not be later than to, nor than today"),
        ({"from": "2020-01"}, "at most 400 days in one answer; ask for a shorter time"),
        ({"to": "0001-01-02"}, "from and to must be dates like 2026-11-24 or months like 2026-11"),
    ],
)
def test_a_wrong_question_gets_one_sentence(sites: Sites, asked: dict[str, str], answer: str) -> None:
    assert understand(asked, sites, TODAY) == answer


tables = st.dictionaries(st.tuples(st.sampled_from("abcdef"), st.integers(1, 6)), st.integers(0, 60))


@given(tables)
def test_no_line_of_a_table_gives_a_small_cell_away(table: dict[tuple[str, int], int]) -> None:
    hidden = hidden_cells(table)

    assert {cell for cell, count in table.items() if count < FEWEST} <= hidden
    for part in (0, 1):
        for name in {cell[part] for cell in table}:
            line = {cell for cell in table if cell[part] == name}
            gone = line & hidden
            if gone and gone != line:
                assert len(gone) >= 2
                assert sum(table[cell] for cell in gone) >= FEWEST


@given(tables)
def test_a_table_of_large_cells_hides_nothing(table: dict[tuple[str, int], int]) -> None:
    assert hidden_cells({cell: count + FEWEST for cell, count in table.items()}) == set()


@given(st.integers(0, 10**9))
def test_rounding_moves_a_count_by_at_most_two(count: int) -> None:
    assert rounded(count) % 5 == 0
    assert abs(rounded(count) - count) <= 2
