"""The merge of accounting reports: whatever is lost, repeated or late, the row is what the reports together say."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.mac import Mac
from radius.accounting import Promise, Stay, begin, merge, stay_of
from radius.event import Status, Step

T0 = 1_780_000_000
PROMISE = Promise(interim=300, grant_id="g1", way="tap")
MAC = Mac("021122aabbcc")


def step(status: Status, after: int, **facts: object) -> Step:
    """A report sent ``after`` seconds; the NAS tells the session's time unless said otherwise."""
    at = T0 + after
    blank = Step(
        status=status, nas="gw-a", site="a", session_id="80f00001", class_token=None, user_name="g1", mac=MAC,
        address=None, at=at, seconds=after, input_octets=None, output_octets=None, cause=None, received_at=at,
    )  # fmt: skip
    return replace(blank, **facts)  # type: ignore[arg-type]


def start(after: int = 0, **facts: object) -> Step:
    return step(Status.START, after, **facts)


def interim(after: int, **facts: object) -> Step:
    return step(Status.INTERIM, after, **facts)


def stop(after: int, **facts: object) -> Step:
    return step(Status.STOP, after, **facts)


def book(steps: list[Step]) -> list[Stay]:
    """All rows under one key, as the ledger keeps them."""
    stays: list[Stay] = []
    for told in steps:
        found = stay_of(stays, told)
        if found is None:
            stays.append(begin("u", len(stays), told, PROMISE))
        else:
            stays[stays.index(found)] = merge(found, told, PROMISE)
    return stays


def one(steps: list[Step]) -> Stay:
    stays = book(steps)
    assert len(stays) == 1, stays
    return stays[0]


def test_a_whole_session_is_one_row() -> None:
    stay = one([start(), interim(300, input_octets=10, output_octets=50), stop(600, input_octets=20, cause=1)])

    assert (stay.started_at, stay.last_seen_at, stay.stopped_at) == (T0, T0 + 600, T0 + 600)
    assert (stay.seconds, stay.input_octets, stay.output_octets, stay.stop_cause) == (600, 20, 50, 1)


def test_a_lone_stop_tells_when_the_session_began() -> None:
    assert one([stop(600)]).started_at == T0


def test_a_stop_without_octets_keeps_what_the_interims_told() -> None:
    stay = one([start(), interim(300, input_octets=10, output_octets=20), stop(600)])

    assert (stay.input_octets, stay.output_octets) == (10, 20)


def test_an_interim_after_the_stop_neither_reopens_nor_moves_it() -> None:
    steps = [start(), stop(600, input_octets=50, output_octets=500, cause=1)]
    stay = one([*steps, interim(700, input_octets=60, output_octets=100)])

    assert (stay.stopped_at, stay.stop_cause) == (T0 + 600, 1)
    assert (stay.input_octets, stay.output_octets) == (60, 500)


def test_the_first_real_stop_stands() -> None:
    stay = one([stop(600, cause=5), stop(610, cause=1, seconds=600), start()])

    assert (stay.stopped_at, stay.stop_cause) == (T0 + 600, 5)


def test_counters_that_go_down_are_not_believed() -> None:
    stay = one([interim(300, input_octets=90, output_octets=1), interim(600, input_octets=20, output_octets=2)])

    assert (stay.input_octets, stay.output_octets) == (90, 2)


def test_a_restarted_nas_that_uses_an_id_again_begins_a_new_generation() -> None:
    first = [start(), interim(3600, input_octets=10)]
    again = [replace(told, at=told.at + 7200, received_at=told.at + 7200) for told in (start(), interim(300))]
    stays = book([*first, *again])

    assert [(stay.generation, stay.started_at) for stay in stays] == [(0, T0), (1, T0 + 7200)]
    assert [stay.seconds for stay in stays] == [3600, 300]


def test_a_closed_session_is_not_continued_by_a_later_one() -> None:
    stays = book(
        [start(), stop(600), *(replace(s, at=s.at + 900, received_at=s.at + 900) for s in (start(), stop(60)))]
    )

    assert [(stay.started_at, stay.stopped_at) for stay in stays] == [(T0, T0 + 600), (T0 + 900, T0 + 960)]


def test_late_reports_of_an_earlier_generation_find_it() -> None:
    later = [replace(told, at=told.at + 90_000) for told in (start(), interim(300), interim(600))]
    stays = book([start(), later[0], later[2], interim(3600), stop(7200), later[1]])

    assert [(stay.seconds, stay.stopped_at) for stay in stays] == [(7200, T0 + 7200), (600, None)]


def test_an_older_start_that_comes_late_is_not_the_newer_session_under_its_id() -> None:
    newer = [replace(told, at=told.at + 8463, received_at=told.at + 8463) for told in (start(), stop(1148))]
    for told in permutations([start(), *newer]):
        stays = book(list(told))
        assert sorted((stay.started_at, stay.stopped_at or 0) for stay in stays) == [
            (T0, 0), (T0 + 8463, T0 + 8463 + 1148),
        ], told  # fmt: skip


def test_a_session_whose_nas_never_says_how_long_it_lasts_finds_its_start() -> None:
    reports = [start(), interim(300, seconds=None, input_octets=5), stop(600, seconds=None)]
    for told in permutations(reports):
        assert (one(list(told)).started_at, one(list(told)).input_octets) == (T0, 5)


def test_a_session_time_that_falls_while_the_session_goes_on_is_no_new_session() -> None:
    stay = one([start(), interim(3600), interim(3900, seconds=1200), stop(4200)])

    assert stay.seconds == 4200


def test_what_names_a_person_is_not_filled_in_again_once_it_was_emptied() -> None:
    stay = one([start(), stop(600)])._replace(mac=None, user_name=None, address=None, scrubbed_at=T0 + 90_000)

    late = merge(stay, interim(500, input_octets=7, address="10.1.1.1"), PROMISE)

    assert (late.mac, late.user_name, late.address, late.input_octets) == (None, None, None, 7)


def test_sixty_four_bits_are_kept_exactly() -> None:
    assert one([interim(60, output_octets=2**63 - 1), interim(120, output_octets=5)]).output_octets == 2**63 - 1


REPORTS = [
    start(),
    interim(300, input_octets=10, output_octets=100, address="10.1.1.1"),
    interim(600, input_octets=20, output_octets=300, address="10.1.1.2"),
    interim(900, seconds=None, input_octets=25),
    stop(1200, input_octets=30, output_octets=400, cause=1),
]


@pytest.mark.parametrize("order", list(permutations(REPORTS)))
def test_every_order_gives_the_same_row(order: tuple[Step, ...]) -> None:
    assert one(list(order)) == one(REPORTS)


@st.composite
def sessions(draw: st.DrawFn) -> list[Step]:
    """The reports of one session with what NASes leave out, say late by a few seconds, or let go down.

    An interim that tells neither time nor octets could be a Start as well, and is not made here.
    """
    times = sorted(draw(st.lists(st.integers(0, 20_000), min_size=1, max_size=6, unique=True)))
    optional = st.one_of(st.none(), st.integers(0, 2**40))
    steps = [start()] if draw(st.booleans()) else []
    for after in times:
        late = draw(st.integers(0, 20))
        seconds = draw(st.sampled_from((after, after, after, None)))
        counters = {"input_octets": draw(optional), "output_octets": draw(optional)}
        if seconds is None:
            counters["input_octets"] = draw(st.integers(1, 2**40))
        steps.append(interim(after, seconds=seconds, at=T0 + after + late, **counters))
    if draw(st.booleans()):
        last = times[-1] + 30
        steps.append(stop(last, seconds=draw(st.sampled_from((last, None))), cause=draw(st.sampled_from((1, 4, None)))))
    return steps


@given(sessions(), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_give_the_same_row(steps: list[Step], chance: random.Random) -> None:
    shuffled = steps + [chance.choice(steps) for _ in range(chance.randrange(4))]
    chance.shuffle(shuffled)

    assert one(shuffled) == one(steps)


@given(sessions(), st.randoms(use_true_random=False))
def test_a_row_only_ever_grows(steps: list[Step], chance: random.Random) -> None:
    chance.shuffle(steps)
    stay = begin("u", 0, steps[0], PROMISE)
    for told in steps[1:]:
        grown = merge(stay, told, PROMISE)
        assert grown.input_octets >= max(stay.input_octets, told.input_octets or 0)
        assert grown.output_octets >= stay.output_octets
        assert grown.seconds >= stay.seconds
        assert grown.started_at <= stay.started_at <= stay.last_seen_at <= grown.last_seen_at
        assert stay.stopped_at is None or (grown.stopped_at is not None and grown.stopped_at <= stay.stopped_at)
        assert grown.stopped_at is None or grown.stopped_at >= grown.started_at
        stay = grown


@given(sessions())
def test_telling_everything_twice_changes_nothing(steps: list[Step]) -> None:
    assert one(steps + steps) == one(steps)
