"""A stay whose limits change in flight: what flowed before stays, what flows after is slower."""

from __future__ import annotations

from lab.nas.limits import Limits
from lab.nas.stay import Appetite, Cause, Counters, Stay

STAY = Stay(1000.0, Limits(seconds=3600, up=800, down=8000), Appetite(up=1600, down=80_000))


def test_traffic_before_the_change_stays_as_it_was() -> None:
    slowed = STAY.under(Limits(seconds=3600, up=80, down=80), 1100.0)

    assert slowed.counters(1100.0) == STAY.counters(1100.0) == Counters(100, 10_000, 100_000)
    assert slowed.counters(1200.0) == Counters(200, 11_000, 101_000)


def test_a_time_out_counts_from_the_start_and_a_quota_from_what_was_used() -> None:
    changed = STAY.under(Limits(seconds=600, up=80, down=80), 1100.0)
    cut = STAY.under(Limits(total=110_010, up=40, down=40), 1100.0)

    assert changed.end(Cause.NAS_REQUEST) == (1600.0, Cause.SESSION_TIMEOUT)
    assert cut.end(Cause.NAS_REQUEST) == (1101.0, Cause.NAS_REQUEST)


def test_a_quota_that_is_used_up_already_ends_the_stay_at_once() -> None:
    assert STAY.under(Limits(total=5), 1100.0).end(Cause.NAS_REQUEST) == (1100.0, Cause.NAS_REQUEST)
