"""A day's figures by hand, and against slow and obvious counting of the same stays."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.nightly.figures import DayFigures, Stay, day_figures, hour_figures, peak, visit_minutes, visits

START = 1_780_009_200 // 3600 * 3600
END = START + 86_400


def stay(begin: int, until: int, device: str | None = "a", **changes: object) -> Stay:
    """A stay from ``begin`` to ``until`` seconds after the day's start."""
    facts: dict[str, object] = {"stopped": True, "seconds": until - begin, "random_mac": False} | changes
    return Stay(started_at=START + begin, until=START + until, device_day=device, **facts)  # type: ignore[arg-type]


@st.composite
def stays(draw: st.DrawFn) -> list[Stay]:
    """Up to a dozen stays of few devices, some over midnight."""
    spans = draw(st.lists(st.tuples(st.integers(-7200, 90_000), st.integers(0, 9000)), max_size=12))
    devices = st.sampled_from([None, "a", "b", "c"])
    return [
        stay(begin, begin + length, draw(devices), stopped=draw(st.booleans()), random_mac=draw(st.booleans()))
        for begin, length in spans
    ]


def test_a_day_without_stays_is_all_zeros() -> None:
    assert day_figures([], START, END) == DayFigures()


def test_a_day_counted_by_hand() -> None:
    day = [
        stay(-600, 1200, "before midnight"),  # belongs to the day before, but is here at the first minute
        stay(0, 600, "a", random_mac=True),
        stay(600 + 1799, 4000, "a", random_mac=True),  # the gap is one second short of half an hour
        stay(600, 900, "b"),
        stay(900 + 1800, 5000, "b", stopped=False),
        stay(86_399, 87_000, None),
        stay(86_400, 87_000, "after midnight"),
    ]

    assert day_figures(day, START, END) == DayFigures(
        sessions=5,
        visits=4,
        devices=2,
        devices_not_counted=1,
        random_macs=1,
        unstopped=1,
        seconds=600 + 1601 + 300 + 2300 + 601,
        peak_clients=2,
        peak_at=START,
    )


def test_a_long_stay_covers_the_gap_between_shorter_ones() -> None:
    assert len(visits([stay(0, 9000), stay(60, 120), stay(8000, 8100)])) == 1


def test_stays_of_unknown_devices_are_never_merged() -> None:
    assert len(visits([stay(0, 600, None), stay(600, 900, None)])) == 2


def test_who_leaves_as_another_comes_makes_one_client() -> None:
    assert peak([stay(0, 600), stay(600, 1200)], START, END) == (1, START)


def test_a_stay_between_two_full_minutes_is_not_in_the_samples() -> None:
    assert peak([stay(61, 119)], START, END) == (0, None)


@given(stays())
def test_the_peak_is_that_of_looking_at_every_minute(day: list[Stay]) -> None:
    minutes = {minute: sum(stay.started_at <= minute < stay.until for stay in day) for minute in range(START, END, 60)}
    most = max(minutes.values())

    assert peak(day, START, END) == (most, min(m for m in minutes if minutes[m] == most) if most else None)


@given(stays(), st.randoms(use_true_random=False))
def test_the_order_in_which_stays_are_read_changes_nothing(day: list[Stay], order: random.Random) -> None:
    shuffled = list(day)
    order.shuffle(shuffled)

    assert day_figures(shuffled, START, END) == day_figures(day, START, END)


@given(stays())
def test_figures_stand_in_their_order(day: list[Stay]) -> None:
    figures = day_figures(day, START, END)

    assert figures.devices + figures.devices_not_counted <= figures.visits
    assert figures.visits <= figures.sessions
    assert figures.random_macs <= figures.devices
    assert figures.unstopped <= figures.sessions
    assert (figures.peak_at is None) == (figures.peak_clients == 0)


@given(stays())
def test_visits_are_those_of_asking_every_stay_for_an_earlier_neighbour(drawn: list[Stay]) -> None:
    day = sorted(dict.fromkeys(drawn), key=lambda stay: stay.started_at)

    def goes_on(number: int) -> bool:
        later = day[number]
        return later.device_day is not None and any(
            other.device_day == later.device_day and later.started_at - other.until < 1800 for other in day[:number]
        )

    assert len(visits(day)) == sum(not goes_on(number) for number in range(len(day)))


def test_a_visit_lasts_from_its_first_start_to_its_last_end_and_the_gap_is_in_it() -> None:
    spans = visits([stay(0, 600), stay(1200, 1800), stay(9000, 9060)])

    assert spans == ((START, START + 1800), (START + 9000, START + 9060))
    assert visit_minutes([(0, 1800), (9000, 9059), (0, 9 * 3600), (0, 20 * 3600)]) == ((0, 1), (30, 1), (481, 2))


def test_an_hour_holds_the_seconds_of_all_its_clients_and_half_of_its_minutes_have_no_more_than_the_median() -> None:
    hours = hour_figures([stay(-600, 1800), stay(900, 4000), stay(900, 950)], START, END)

    assert [(hour.start - START, hour.client_seconds, hour.median_clients) for hour in hours] == [
        (0, 1800 + 2700 + 50, 1),
        (3600, 400, 0),
    ]


@settings(deadline=None)  # its slow half looks at every minute of every hour
@given(stays())
def test_hours_hold_what_a_count_of_every_minute_gives(day: list[Stay]) -> None:
    hours = hour_figures(day, START, END)
    held = sum(max(0, min(one.until, END) - max(one.started_at, START)) for one in day)

    assert sum(hour.client_seconds for hour in hours) == held
    for hour in hours:
        minutes = range(hour.start, hour.start + 3600, 60)
        clients = sorted(sum(one.started_at <= minute < one.until for one in day) for minute in minutes)
        assert hour.median_clients == clients[29]


@given(stays())
def test_no_visit_is_lost_between_the_lengths(day: list[Stay]) -> None:
    assert sum(often for _, often in visit_minutes(visits(day))) == len(visits(day))
