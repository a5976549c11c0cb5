"""When a site is open: its hours, and events of the calendar over them."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.doors import Doors, Event, doors, policy_at
from hotspot.sites.values import OpeningHours

WIB = ZoneInfo("Asia/Jakarta")
HOURS = OpeningHours(time(5), time(23))


def at(clock: str, day: int = 24) -> int:
    return int(datetime.fromisoformat(f"2026-11-{day:02}T{clock}").replace(tzinfo=WIB).timestamp())


def event(began: str, ends: str, number: int = 1, *, here: bool = True, ends_on: int = 24, **facts: str) -> Event:
    return Event(number, at(began), at(ends, ends_on), here, **facts)  # type: ignore[arg-type]


def test_without_events_the_hours_say_it() -> None:
    assert doors(HOURS, (), at("12:00"), WIB) == Doors(are_open=True, until=at("23:00"))
    assert doors(HOURS, (), at("23:00"), WIB) == Doors(are_open=False, until=at("05:00", 25))


def test_an_event_that_closes_ends_the_visits_before_it() -> None:
    shut = (event("14:00", "16:00", doors="closed"),)

    assert doors(HOURS, shut, at("12:00"), WIB) == Doors(are_open=True, until=at("14:00"))
    assert doors(HOURS, shut, at("14:00"), WIB) == Doors(are_open=False, until=at("16:00"))
    assert doors(HOURS, shut, at("16:00"), WIB) == Doors(are_open=True, until=at("23:00"))


def test_an_event_that_opens_keeps_open_beyond_the_hours() -> None:
    late = (event("22:00", "02:00", ends_on=25, doors="open"),)

    assert doors(HOURS, late, at("21:00"), WIB) == Doors(are_open=True, until=at("02:00", 25))
    assert doors(HOURS, late, at("01:00", 25), WIB) == Doors(are_open=True, until=at("02:00", 25))


@pytest.mark.parametrize(
    "over", [event("13:00", "15:00", 2, doors="open"), event("13:30", "15:00", 2, here=False, doors="open")]
)
def test_a_sites_own_event_wins_over_the_towns_and_the_later_over_the_earlier(over: Event) -> None:
    first = event("13:00", "15:00", doors="closed", here=over.here)

    assert doors(HOURS, (first, over), at("14:00"), WIB).are_open
    assert doors(HOURS, (over, first), at("14:00"), WIB).are_open
    assert not doors(HOURS, (over, event("12:00", "15:00", 3, doors="closed")), at("14:00"), WIB).are_open or over.here


def test_an_event_puts_another_policy_in_place_while_it_runs() -> None:
    fair = (event("14:00", "16:00", policy="pasar"), event("13:00", "18:00", 2, here=False, policy="kota"))

    assert [policy_at(fair, at(clock)) for clock in ("12:00", "13:30", "14:00", "16:00", "18:00")] == [
        None, "kota", "pasar", "kota", None,
    ]  # fmt: skip


@given(
    minute=st.integers(0, 1439),
    spans=st.lists(
        st.tuples(st.integers(0, 2000), st.integers(1, 900), st.booleans(), st.sampled_from(("open", "closed"))),
        max_size=4,
    ),
)
def test_until_lies_ahead_and_the_doors_are_the_same_up_to_it(
    minute: int, spans: list[tuple[int, int, bool, str]]
) -> None:
    midnight = at("00:00")
    events = [
        Event(number, midnight + 60 * start, midnight + 60 * (start + length), here, None, what)  # type: ignore[arg-type]
        for number, (start, length, here, what) in enumerate(spans)
    ]
    now = midnight + 60 * minute
    found = doors(HOURS, events, now, WIB)

    assert found.until > now
    assert all(doors(HOURS, events, t, WIB).are_open == found.are_open for t in range(now, found.until, 1800))
    assert doors(HOURS, events, found.until, WIB).are_open != found.are_open
