"""One device's or link's own evidence: patience, doubt, signs of life, fading light, restarts."""

from __future__ import annotations

import pytest

from monitor import health
from monitor.health import Fading, Silence, State
from monitor.snapshot import Answers, LinkEndView, Polled, Port

ANSWERS = Answers(100.0, {}, (Port(1, "sfp1", "", "", {"ifOperStatus": 1}),), {}, {}, ())


def polled(missed: int, *, alive: bool = False, error: str = "no answer") -> Polled:
    said = error if missed else ""
    return Polled("device", "sw", ANSWERS, 160.0, error=said, missed=missed, alive=alive)


def verdict(found: Polled, before: State = State.UP) -> health.Verdict:
    """Silent for half an interval."""
    return health.of_node(found, before, Silence(130.0), 60.0)


def test_one_missed_poll_leaves_a_device_as_it_was_and_in_doubt() -> None:
    found = verdict(polled(1))

    assert (found.state, found.doubtful) == (State.UP, True)
    assert "no answer" in found.why


def test_the_third_missed_poll_is_down_when_half_an_interval_has_passed() -> None:
    assert verdict(polled(2)).doubtful
    assert verdict(polled(3)) == health.Verdict(State.DOWN, "3 polls without an answer: no answer")
    assert health.of_node(polled(9), State.UP, Silence(131.0), 60.0).doubtful


def test_misses_that_something_else_was_the_cause_of_are_forgiven() -> None:
    assert health.of_node(polled(9), State.SHADOW, Silence(130.0, forgiven=7), 60.0).doubtful


def test_a_device_that_was_down_is_no_doubt_after_one_more_miss() -> None:
    """The monitor was started anew and remembers from the store."""
    assert verdict(polled(1), State.DOWN).state is State.DOWN


def test_a_device_that_was_in_a_shadow_and_misses_once_is_unknown() -> None:
    found = verdict(polled(1), State.SHADOW)

    assert (found.state, found.doubtful) == (State.UNKNOWN, True)


def test_a_device_that_is_there_and_cannot_be_read_is_weak() -> None:
    found = verdict(polled(3, alive=True, error="the device answers and refuses our SNMP user or key"))

    assert found.state is State.WEAK
    assert "refuses" in found.why


def test_one_answer_is_enough_to_be_up() -> None:
    assert verdict(polled(0), State.DOWN).state is State.UP


def test_a_device_that_was_not_polled_yet_is_unknown() -> None:
    assert verdict(Polled("device", "sw")).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("heard", "state"),
    [(None, State.UNKNOWN), (60.0, State.UP), (901.0, State.UNKNOWN)],
    ids=["never", "now", "long ago"],
)
def test_a_nas_that_nothing_polls_is_up_while_radius_hears_it_and_otherwise_unknown(
    heard: float | None, state: State
) -> None:
    assert health.unpolled(heard).state is state


@pytest.mark.parametrize(
    ("a", "b", "state"),
    [
        (True, True, State.UP),
        (True, None, State.UP),
        (False, None, State.DOWN),
        (True, False, State.DOWN),
        (None, None, State.UNKNOWN),
    ],
)
def test_a_link_is_what_its_ends_say(a: bool | None, b: bool | None, state: State) -> None:
    found = health.of_link(LinkEndView("core", "sfp1", a), LinkEndView("sw", "sfp1", b), fading=False)

    assert found.state is state
    if state is State.DOWN:
        assert "port sfp1" in found.why


def test_a_link_that_fades_says_what_it_receives() -> None:
    found = health.of_link(LinkEndView("core", "p", True, -21.04), LinkEndView("sw", "p", True), fading=True)

    assert found.state is State.WEAK
    assert found.why.startswith("core receives -21.0 dBm")


def test_an_end_that_does_not_answer_now_says_nothing() -> None:
    assert health.end_of_link("sw", "sfp1", polled(0)).up is True
    assert health.end_of_link("sw", "sfp1", polled(1)).up is None
    assert health.end_of_link("sw", "sfp9", polled(0)).up is None


def faded(levels: list[float]) -> bool:
    state = Fading()
    for at, level in enumerate(levels, 1):
        state = health.fade(state, level, float(at))
    return state.weak


@pytest.mark.parametrize(
    ("levels", "weak"),
    [
        ([-21, -21], False),
        ([-21, -21, -21], True),
        ([-21, -21, -19.8, -21, -21], False),
        ([-21, -21, -21, -19.8], True),
        ([-21, -21, -21, -19.5], False),
    ],
    ids=["two", "three", "interrupted", "hardly better", "clearly better"],
)
def test_light_is_weak_after_three_samples_and_clears_with_half_a_decibel(levels: list[float], weak: bool) -> None:
    assert faded(levels) is weak


def test_the_same_sample_is_counted_once() -> None:
    state = Fading()
    for _ in range(5):
        state = health.fade(state, -25.0, 7.0)

    assert state == Fading(weak=False, streak=1, at=7.0)


@pytest.mark.parametrize(
    ("before", "after", "passed", "restarted"),
    [
        (1000.0, 1060.0, 60.0, False),
        (1000.0, 12.0, 60.0, True),
        (42_949_670.0, 15.0, 60.0, False),
        (42_949_670.0, 5000.0, 60.0, True),
    ],
    ids=["goes on", "restart", "wrap after 497 days", "restart near the wrap"],
)
def test_an_uptime_that_falls_is_a_restart_unless_its_counter_was_full(
    before: float,
    after: float,
    passed: float,
    restarted: bool,
) -> None:
    assert health.restarted(before, after, passed) is restarted
