"""Availability by hand: what is not known is neither up nor down, and only the service hours count."""

from __future__ import annotations

from datetime import datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.sites.values import OpeningHours
from hotspot.watched import Kept, Stretch
from office.report.availability import Condition, History, Piece, outages, pieces, seconds, service_time

WIB = ZoneInfo("Asia/Jakarta")
ALWAYS = ((0, 10_000),)
UP, DOWN, UNKNOWN = Condition.UP, Condition.DOWN, Condition.UNKNOWN


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=WIB).timestamp())


def history(*known: tuple[int, int, str]) -> tuple[Stretch, ...]:
    return tuple(Stretch(start, end, Kept(word)) for start, end, word in known)


def told(nases: list[History], end: int = 100) -> list[tuple[int, int, str]]:
    """The pieces as plain tuples, neighbours of one condition joined."""
    joined: list[tuple[int, int, str]] = []
    for piece in pieces(nases, 0, end):
        if joined and joined[-1][2] == piece.condition:
            joined[-1] = (joined[-1][0], piece.end, piece.condition)
        else:
            joined.append((piece.start, piece.end, piece.condition))
    return joined


def test_a_nas_in_the_shadow_does_not_serve() -> None:
    own = history((0, 10, "up"), (20, 30, "shadow"), (30, 40, "down"), (40, 50, "no data"))

    assert told([own]) == [(0, 10, UP), (10, 20, UNKNOWN), (20, 40, DOWN), (40, 100, UNKNOWN)]


def test_a_gap_between_two_intervals_is_not_known() -> None:
    assert told([history((0, 10, "up"), (40, 100, "up"))]) == [(0, 10, UP), (10, 40, UNKNOWN), (40, 100, UP)]


def test_a_site_of_two_nases_is_up_when_both_are_and_down_when_one_is() -> None:
    one = history((0, 60, "up"), (60, 100, "down"))
    other = history((20, 100, "up"))

    assert told([one, other]) == [(0, 20, UNKNOWN), (20, 60, UP), (60, 100, DOWN)]


def test_a_site_without_nas_is_not_known() -> None:
    assert told([]) == [(0, 100, UNKNOWN)]


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 99), st.sampled_from(["up", "down", "shadow", "no data"])), max_size=6),
        max_size=3,
    )
)
def test_the_pieces_fill_the_time_without_gap_or_overlap(drawn: list[list[tuple[int, str]]]) -> None:
    nases: list[History] = []
    for moments in drawn:
        changes = [*sorted(dict(moments).items()), (120, "up")]
        nases.append(history(*((start, end, word) for (start, word), (end, _) in pairwise(changes))))
    cut = pieces(nases, 0, 100)

    assert [cut[0].start, *(piece.end for piece in cut)] == [*(piece.start for piece in cut), 100]
    assert sum(seconds(cut, condition, ALWAYS) for condition in Condition) == 100


@pytest.mark.parametrize(("length", "count"), [(119, 0), (120, 1)])
def test_an_outage_lasts_at_least_two_minutes(length: int, count: int) -> None:
    assert outages([Piece(0, 500, UP), Piece(500, 500 + length, DOWN), Piece(500 + length, 900, UP)], ALWAYS) == count


def test_an_outage_goes_on_while_nobody_looked_and_ends_when_the_site_is_up() -> None:
    down = [Piece(0, 100, DOWN), Piece(100, 300, UNKNOWN), Piece(300, 400, DOWN)]

    assert outages(down, ALWAYS) == 1
    assert outages([*down, Piece(400, 500, UP), Piece(500, 700, DOWN)], ALWAYS) == 2


def test_an_outage_counts_only_with_its_time_in_the_service_hours() -> None:
    night = [Piece(0, 1000, DOWN), Piece(1000, 2000, UP)]

    assert outages(night, ((1000, 2000),)) == 0
    assert outages(night, ((881, 2000),)) == 0
    assert outages(night, ((880, 2000),)) == 1
    assert outages(night, ((0, 100), (900, 920))) == 1  # one outage over a closing, not two


def test_service_time_is_cut_at_the_month_and_at_now() -> None:
    hours = OpeningHours(time(5), time(23))
    spans = service_time(hours, at("2026-11-01"), at("2026-11-02T06:00"), WIB)

    assert spans == (
        (at("2026-11-01T05:00"), at("2026-11-01T23:00")),
        (at("2026-11-02T05:00"), at("2026-11-02T06:00")),
    )


def test_hours_past_midnight_bring_the_tail_of_the_day_before() -> None:
    spans = service_time(OpeningHours(time(16), time(1)), at("2026-11-01"), at("2026-11-01T20:00"), WIB)

    assert spans == ((at("2026-11-01"), at("2026-11-01T01:00")), (at("2026-11-01T16:00"), at("2026-11-01T20:00")))


def test_equal_hours_mean_the_whole_day() -> None:
    spans = service_time(OpeningHours(time(0), time(0)), at("2026-11-01"), at("2026-11-03"), WIB)

    assert sum(end - start for start, end in spans) == 2 * 86_400
