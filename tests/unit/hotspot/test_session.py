"""A session's state follows from its facts, its NAS's boot and the time; no order of packets can hurt it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.session import Facts, State, ended_at, state

NOW = 1_780_000_000
LIVELY = Facts(started_at=NOW - 3600, last_seen_at=NOW - 100, stopped_at=None, interim=300)


@pytest.mark.parametrize(
    ("facts", "boot_at", "expected"),
    [
        (LIVELY, None, State.OPEN),
        (replace(LIVELY, last_seen_at=NOW - 900), None, State.OPEN),
        (replace(LIVELY, last_seen_at=NOW - 901), None, State.STALE),
        (replace(LIVELY, last_seen_at=NOW - 1800, interim=600), None, State.OPEN),
        (replace(LIVELY, stopped_at=NOW - 10), None, State.STOPPED),
        (replace(LIVELY, stopped_at=NOW - 10), NOW - 5, State.STOPPED),
        (LIVELY, NOW - 50, State.REBOOTED),
        (LIVELY, NOW - 3601, State.OPEN),
        (replace(LIVELY, started_at=NOW - 52, last_seen_at=NOW - 52), NOW - 50, State.OPEN),
        (replace(LIVELY, gone_at=NOW - 100), None, State.GONE),
        (replace(LIVELY, gone_at=NOW - 101), None, State.OPEN),  # it was reported again after its NAS's word
        (replace(LIVELY, gone_at=NOW - 50, stopped_at=NOW - 90), None, State.STOPPED),
        (LIVELY, NOW - 200, State.OPEN),  # it was heard after the boot, so it is not of before
    ],
)
def test_the_state_of_a_stay(facts: Facts, boot_at: int | None, expected: State) -> None:
    assert state(facts, boot_at, NOW) is expected


def test_nobody_is_billed_beyond_the_last_sign_of_life() -> None:
    silent = replace(LIVELY, last_seen_at=NOW - 2000)

    assert ended_at(silent, None, NOW) == NOW - 2000
    assert ended_at(LIVELY, NOW - 50, NOW) == LIVELY.last_seen_at
    assert ended_at(replace(LIVELY, stopped_at=NOW - 7), None, NOW) == NOW - 7
    assert ended_at(LIVELY, None, NOW) is None


@given(later=st.integers(0, 10**6))
def test_a_stop_is_never_undone_by_time_or_boots(later: int) -> None:
    stopped = replace(LIVELY, stopped_at=NOW)

    assert state(stopped, NOW + later, NOW + later) is State.STOPPED
