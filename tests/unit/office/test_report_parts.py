"""Quantiles, crowds, the survey, contracts, planned work, reach and events: by hand and against slow counting."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.sites import Sites
from hotspot.watched import Kept, Stretch
from office.report import contract, metrics
from office.report.availability import without
from office.report.contract import Contract, link_month
from office.report.crowding import crowds, saturated, too_full, week
from office.report.events import Event, last_before, lesson
from office.report.lengths import added, quantile
from office.report.month import Complaint, Hour, Octets, Opinion, Place, SiteMonth
from office.report.opinion import grade, satisfaction
from office.report.reach import upstream
from office.report.watched import united
from tests.unit.office.months import END, MONTH, START, WIB

EMPTY = SiteMonth(MONTH, WIB, "a", "A", "33.06.06", START, END)
HOUR, DAY = 3600, 86_400


def hour(day: int, at: int, clients: int, down: int = 0) -> Hour:
    """An hour of the month's ``day``."""
    return Hour(START + (day - 1) * DAY + at * HOUR, clients * HOUR, clients, Octets(down))


@given(st.lists(st.integers(0, 500), min_size=1), st.sampled_from([(1, 2), (9, 10), (1, 1)]))
def test_a_quantile_of_counts_is_that_of_the_values(values: list[int], share: tuple[int, int]) -> None:
    counted = added([[(value, 1)] for value in values])

    assert quantile(counted, share) == sorted(values)[ceil(len(values) * share[0] / share[1]) - 1]


def test_there_is_no_quantile_of_nothing() -> None:
    assert quantile([], (1, 2)) is None


def test_a_visit_of_over_eight_hours_is_counted_apart_and_moves_no_median() -> None:
    facts = replace(EMPTY, visit_minutes=((10, 3), (20, 1), (481, 5)))

    assert (metrics.dwell_median(facts), metrics.dwell_p90(facts), metrics.long_visits(facts)) == (10, 20, 5)


def test_the_week_is_a_mean_over_all_such_hours_and_the_empty_ones_count() -> None:
    facts = replace(EMPTY, hours=(hour(1, 19, 40),))  # 2026-10-01 is a Thursday, of which the month has five

    assert week(facts)[3][19] == 8.0
    assert week(facts)[3][18] == 0.0
    assert week(replace(EMPTY, until=START + DAY))[2][19] is None


@pytest.mark.parametrize(
    ("clients", "down", "place", "why"),
    [
        (90, 0, Place(access_points=3), None),
        (91, 0, Place(access_points=3), "radio"),
        (60, 0, Place(capacity=50), "radio"),
        (500, 0, Place(), None),
        (1, 18 * 10**9, Place(access_points=1, speed=50_000_000), None),
        (1, 18 * 10**9 + 1, Place(access_points=1, speed=50_000_000), "line"),  # 40 of 50 Mbit/s for an hour
    ],
)
def test_an_hour_is_too_full_beyond_the_radios_or_the_line(clients: int, down: int, place: Place, why: str) -> None:
    assert too_full(hour(1, 19, clients, down), place) == why


def test_full_hours_that_follow_each_other_are_one_advice() -> None:
    evenings = [hour(day, at, 47 * 3) for day in (3, 10) for at in (19, 20)]
    facts = replace(EMPTY, hours=(*evenings, hour(4, 12, 95)), place=Place(access_points=3))

    saturday, sunday = crowds(facts)
    assert (saturday.weekday, saturday.first, saturday.last, saturday.times) == (5, 19, 21, 2)
    assert (saturday.clients, saturday.access_points) == (141, 2)
    assert (sunday.weekday, sunday.access_points) == (6, 1)
    assert len(saturated(facts)) == 5


def test_the_index_is_that_of_the_rule_and_waits_for_every_element() -> None:
    all_good = [Opinion(element, 3) for element in range(1, 10)] * 5

    found = satisfaction(all_good)
    assert (found.index, found.margin, found.grade) == (75.0, 0.0, "C")
    assert satisfaction(all_good[1:]).missing == (1,)
    assert satisfaction(all_good[1:]).index is None
    assert satisfaction([]).answers == 0
    assert [grade(index) for index in (100, 88.31, 88.3, 76.61, 76.6, 65, 64.99, 25)] == list("AABBCCDD")


@given(st.lists(st.integers(1, 4), min_size=5, max_size=9))
def test_the_index_stays_within_25_and_100_and_more_answers_make_it_surer(scores: list[int]) -> None:
    opinions = [Opinion(element, score) for element in range(1, 10) for score in scores]
    few, many = satisfaction(opinions), satisfaction(opinions * 4)

    assert few.index is not None
    assert 25 <= few.index <= 100
    assert few.margin is not None
    assert many.margin is not None
    assert many.margin <= few.margin


def link(*known: Stretch, promised: float | None = 99.5, since: int = 0) -> contract.LinkMonth:
    return link_month(Contract("l", "33.06.01", "Grabag", "PT", "active", promised, since), known, START, END)


def test_up_down_and_no_data_make_the_whole_month() -> None:
    cut = START + 5 * DAY
    month = link(
        Stretch(START, cut, Kept.UP), Stretch(cut, cut + HOUR, Kept.DOWN), Stretch(cut + 2 * HOUR, END, Kept.UP)
    )

    assert (month.down, month.unknown, month.outages) == (HOUR, HOUR, (HOUR,))
    assert month.up + month.down + month.unknown == END - START
    assert month.verdict == "kept"  # two hours are 0.27 percent, even if the unknown one was down


def test_a_verdict_needs_time_that_is_known() -> None:
    half = START + 15 * DAY

    assert link(Stretch(START, half, Kept.UP)).verdict == "unjudged"
    assert link(Stretch(START, START + DAY, Kept.DOWN)).verdict == "broken"
    assert link().verdict == "unjudged"
    assert link(Stretch(START, START + DAY, Kept.SHADOW), Stretch(START + DAY, END, Kept.UP)).verdict == "unjudged"
    assert link(Stretch(START, END, Kept.UP), promised=None).verdict == "unjudged"
    assert link().measured is None
    assert link(since=END - DAY).unknown == DAY


spans = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1])), max_size=6)


@given(spans, spans)
def test_announced_work_is_taken_out_second_by_second(
    service: list[tuple[int, int]], works: list[tuple[int, int]]
) -> None:
    open_, planned = united(service), united(works)
    left = without(open_, planned)

    at_work = {second for starts, ends in works for second in range(starts, ends)}
    opened = {second for starts, ends in service for second in range(starts, ends)}
    assert [second for starts, ends in left for second in range(starts, ends)] == sorted(opened - at_work)


def test_a_site_is_reached_through_its_uplink_up_to_the_root(sites: Sites) -> None:
    reach = upstream(sites, "alun-alun-kutoarjo")

    assert {("site", "alun-alun-kutoarjo"), ("nas", "gw-alun-alun-kutoarjo"), ("device", "sw-kutoarjo")} <= reach
    assert {("link", "kutoarjo"), ("link", "purworejo-kutoarjo-trunk"), ("device", "core-purworejo")} <= reach
    assert ("link", "grabag") not in reach


def test_a_complaint_that_still_has_time_is_neither_kept_nor_broken() -> None:
    facts = replace(EMPTY, complaints=(Complaint(END - HOUR, None), Complaint(START, START + HOUR)))

    assert metrics.complaints_on_time_share(facts) == 100.0
    assert metrics.complaints_late(facts) == 0


def test_an_event_learns_from_the_last_one_of_its_name() -> None:
    before = Event("Lebaran 2025", "", START, START + 2 * DAY)
    calendar = [before, Event("Hari Jadi 2025", "", START + 5 * DAY, START + 6 * DAY)]
    coming = Event("Lebaran 2026", "", START + 350 * DAY, START + 352 * DAY)

    assert last_before(coming, calendar) == before
    assert last_before(replace(coming, label="Pasar malam"), calendar) is None
    learned = lesson(coming, before, "a", [hour(1, 19, 141), hour(2, 19, 80), hour(9, 19, 200)], Place(access_points=3))
    assert learned is not None
    assert (learned.hours, learned.busiest, learned.access_points, learned.why) == (1, 141, 2, "radio")
    assert lesson(coming, before, "a", [hour(9, 19, 200)], Place()) is None
