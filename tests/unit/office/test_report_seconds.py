"""What was up, down, planned and an outage, against a walk over every second: no sum of spans to trust."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.watched import Kept, Stretch
from office.report import figures, metrics
from office.report.availability import Span, pieces, without
from office.report.month import SiteMonth
from office.report.watched import united

END = 3000
KEPT = (Kept.UP, Kept.DOWN, Kept.SHADOW, None)  # None: the monitor was away
segments = st.lists(st.tuples(st.sampled_from(KEPT), st.integers(1, 400)), max_size=14)
spans = st.lists(st.tuples(st.integers(0, END - 1), st.integers(1, 900)), max_size=4)


def history(known: list[tuple[Kept | None, int]]) -> tuple[Stretch, ...]:
    found, at = [], 0
    for state, length in known:
        until = min(at + length, END)
        if state is not None and at < until:
            found.append(Stretch(at, until, state))
        at = until
    return tuple(found)


def states(known: list[tuple[Kept | None, int]]) -> list[Kept | None]:
    each = [state for state, length in known for _ in range(length)][:END]
    return each + [None] * (END - len(each))


def of_site(*nases: list[Kept | None]) -> Iterator[str]:
    """Down where one box is, up where all are, else nobody knows."""
    for at_once in zip(*nases, strict=True):
        if any(state in (Kept.DOWN, Kept.SHADOW) for state in at_once):
            yield "down"
        else:
            yield "up" if all(state is Kept.UP for state in at_once) else "unknown"


def seconds(many: list[Span]) -> set[int]:
    return {second for starts, ends in many for second in range(starts, ends)}


def outages(conditions: list[str], counted: set[int]) -> list[int]:
    lengths = [0]
    for second, condition in enumerate(conditions):
        if condition == "down" and second in counted:
            lengths[-1] += 1
        elif condition == "up" and lengths[-1]:
            lengths.append(0)
    return [length for length in lengths if length >= 120]


@given(segments, segments, spans, spans)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_availability_outages_and_planned_work_are_those_of_every_second(
    one: list[tuple[Kept | None, int]],
    other: list[tuple[Kept | None, int]],
    opened: list[tuple[int, int]],
    worked: list[tuple[int, int]],
) -> None:
    service = united((start, min(start + length, END)) for start, length in opened)
    planned = united((start, min(start + length, END)) for start, length in worked)
    left = without(service, planned)
    facts = SiteMonth(
        *("2026-10", ZoneInfo("UTC"), "a", "A", ""),
        start=0,
        until=END,
        history=pieces((history(one), history(other)), 0, END),
        service=left,
        planned_seconds=sum(e - s for s, e in service) - sum(e - s for s, e in left),
    )
    conditions = list(of_site(states(one), states(other)))
    counted = seconds(list(service)) - seconds(list(planned))
    up, down = (sum(conditions[second] == word for second in counted) for word in ("up", "down"))
    lengths = outages(conditions, counted)
    whole = [conditions.count(word) for word in ("up", "down")]

    assert figures.availability(facts) == (up * 10_000 // (up + down) / 100 if up + down else None)
    assert figures.outages(facts) == (len(lengths) if up + down else None)
    assert metrics.outage_longest(facts) == (max(lengths) // 60 if lengths else None)
    assert figures.availability_unknown_minutes(facts) == (len(counted) - up - down) // 60
    assert metrics.planned_minutes(facts) == len(seconds(list(service)) & seconds(list(planned))) // 60
    assert metrics.availability_all_day(facts) == (whole[0] * 10_000 // sum(whole) / 100 if sum(whole) else None)
