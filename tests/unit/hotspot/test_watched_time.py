"""The account of time is whole: up, down, shadow, maintenance and no data are all of it; unknown stays unknown."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hotspot.watched import Kept, Stretch, availability, seconds, stretches, together

START, END = 100, 160
SEEN = st.sampled_from([Kept.UP, Kept.DOWN, Kept.SHADOW])
MOMENTS = st.integers(START - 20, END + 20)
WORK = st.lists(st.tuples(MOMENTS, MOMENTS).map(lambda span: (min(span), max(span))), max_size=3)


@st.composite
def told(draw: st.DrawFn) -> list[Stretch]:
    """What a monitor confirmed of one subject: one state after the other, with times of its own absence between."""
    moments = sorted(draw(st.sets(MOMENTS, max_size=12)))
    spans = [span for span in pairwise(moments) if draw(st.booleans())]
    return draw(st.permutations([Stretch(begin, end, draw(SEEN)) for begin, end in spans]))


def at(known: list[Stretch], second: int) -> Kept:
    return next((one.state for one in known if one.start <= second < one.end), Kept.NO_DATA)


@given(told(), WORK)
def test_every_second_counts_once_and_as_what_was_known_of_it(
    known: list[Stretch], work: list[tuple[int, int]]
) -> None:
    found = stretches(known, work, START, END)
    sums = seconds(found)

    assert sum(sums.values()) == END - START
    assert [one.start for one in found] == [START, *(one.end for one in found[:-1])], "no gap and no overlap"
    assert found[-1].end == END
    for second in range(START, END):
        under_work = any(begin <= second < end for begin, end in work)
        truth = at(known, second)
        expected = Kept.MAINTENANCE if under_work and truth in (Kept.DOWN, Kept.SHADOW) else truth
        assert at(list(found), second) is expected


@given(st.lists(told(), min_size=1, max_size=3), WORK)
def test_several_are_up_when_all_are_and_no_data_is_never_made_up(
    parts: list[list[Stretch]], work: list[tuple[int, int]]
) -> None:
    each = [stretches(part, work, START, END) for part in parts]
    whole = together(each)

    assert sum(seconds(whole).values()) == END - START
    for second in range(START, END):
        states = {at(list(one), second) for one in each}
        state = at(list(whole), second)
        assert state in states
        assert (state is Kept.UP) == (states == {Kept.UP})
        assert (state is Kept.DOWN) == (Kept.DOWN in states)


@given(told(), WORK)
def test_what_is_not_known_changes_no_availability(known: list[Stretch], work: list[tuple[int, int]]) -> None:
    sums = seconds(stretches(known, work, START, END))
    share = availability(sums)

    assert share == availability({**sums, Kept.NO_DATA: 0, Kept.MAINTENANCE: 0, Kept.SHADOW: 0})
    assert share is None or 0 <= share <= 1
    assert (share is None) == (sums[Kept.UP] == sums[Kept.DOWN] == 0)
