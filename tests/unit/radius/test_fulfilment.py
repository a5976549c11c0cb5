"""What becomes of a wish, in every case that a NAS can make of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotspot.wire import Attr, Code, Request
from hotspot.wishes import Act, Outcome
from radius.fulfilment import (
    FIRST_PAUSE,
    MOST_TRIES,
    STOP_PATIENCE,
    Finish,
    Later,
    Life,
    Send,
    Wish,
    after_answer,
    next_step,
)

NOW = 1_780_000_000
FRESH = Wish(1, 7, Act.END, "office", tries=0, acknowledged_at=None)
GOING_ON = Life(is_over=False, last_seen_at=NOW - 100, interim=300)
OVER = replace(GOING_ON, is_over=True)


def answer(code: Code, cause: int | None = None) -> Request:
    attributes: dict[int, list[bytes]] = {} if cause is None else {Attr.ERROR_CAUSE: [cause.to_bytes(4, "big")]}
    return Request(code, 1, bytes(16), attributes, b"", None)


def heard(wish: Wish, code: Code | None, cause: int | None = None, *, bare: bool = False) -> Later | Finish:
    return after_answer(wish, None if code is None else answer(code, cause), NOW, bare_nak_is_gone=bare)


def test_what_is_over_already_is_not_asked_for() -> None:
    assert next_step(FRESH, OVER, NOW) == Finish(Outcome.OVER, 0)


def test_an_ack_alone_is_no_success_and_the_stop_after_it_is() -> None:
    step = heard(FRESH, Code.DISCONNECT_ACK)

    assert step == Later(NOW + STOP_PATIENCE, 1, NOW)
    assert next_step(replace(FRESH, tries=1, acknowledged_at=NOW), OVER, NOW + 1) == Finish(Outcome.DONE, 1)


def test_two_interims_of_silence_after_an_ack_are_as_good_as_a_stop() -> None:
    acknowledged = replace(FRESH, tries=1, acknowledged_at=NOW)

    assert next_step(acknowledged, GOING_ON, NOW + 595) == Later(NOW + 600, 1, NOW)
    assert next_step(acknowledged, GOING_ON, NOW + 600) == Finish(Outcome.DONE, 1)


def test_a_report_after_the_ack_shows_the_lie_and_the_nas_is_asked_again() -> None:
    acknowledged = replace(FRESH, tries=1, acknowledged_at=NOW)
    lied = replace(GOING_ON, last_seen_at=NOW + 5)

    assert next_step(acknowledged, lied, NOW + 10) == Send()
    assert next_step(replace(acknowledged, tries=MOST_TRIES), lied, NOW + 10) == Finish(Outcome.UNTRUE, MOST_TRIES)


def test_limits_are_changed_when_the_nas_says_so() -> None:
    assert heard(replace(FRESH, act=Act.LIMIT), Code.COA_ACK) == Finish(Outcome.DONE, 1)


@pytest.mark.parametrize("act", list(Act))
def test_503_closes_the_session_and_is_not_asked_again(act: Act) -> None:
    assert heard(replace(FRESH, act=act), Code.DISCONNECT_NAK, 503) == Finish(Outcome.GONE, 1, 503)


def test_a_bare_refusal_means_no_such_session_to_the_kinds_that_say_it_so() -> None:
    assert heard(FRESH, Code.DISCONNECT_NAK, bare=True) == Finish(Outcome.GONE, 1)
    assert heard(FRESH, Code.DISCONNECT_NAK, bare=False) == Finish(Outcome.REFUSED, 1)


@pytest.mark.parametrize("cause", [401, 402, 403, 404, 405, 407, 501, 507])
def test_what_a_nas_will_never_do_is_not_asked_twice(cause: int) -> None:
    assert heard(FRESH, Code.DISCONNECT_NAK, cause) == Finish(Outcome.REFUSED, 1, cause)


@pytest.mark.parametrize("cause", [502, 504, 506])
def test_what_it_cannot_do_just_now_is_asked_again(cause: int) -> None:
    assert heard(FRESH, Code.DISCONNECT_NAK, cause) == Later(NOW + FIRST_PAUSE, 1, None)


def test_silence_is_met_with_longer_and_longer_pauses_and_then_given_up() -> None:
    wish, pauses = FRESH, []
    while isinstance(step := heard(wish, None), Later):
        pauses.append(step.due_at - NOW)
        wish = replace(wish, tries=step.tries)

    assert pauses == [15, 30, 60, 120, 240]
    assert step == Finish(Outcome.UNANSWERED, MOST_TRIES)
