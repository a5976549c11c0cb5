"""What a controller counted, added up over roaming, restarts of ours and numbers that are none."""

from __future__ import annotations

import math

import pytest

from hotspot.admission import UNANSWERED
from hotspot.mac import Mac
from radius.controllers import values
from radius.controllers.kind import Seen
from radius.controllers.orders import Again, Closed, Order, after_silence
from radius.controllers.stays import Meter, stranger

KEY = ("s", "021122334455")
ORDER = Order(1, "g1", "gw", Mac("021122334455"), "", 1000, 0)


def totals(booked: int, *shown: int | None) -> list[int | None]:
    meter, found = Meter(), []
    for count in shown:
        total = meter.total(KEY, "up", booked, count)
        booked = booked if total is None else total
        found.append(total)
    return found


def test_a_counter_that_begins_anew_goes_on_from_what_was_booked() -> None:
    assert totals(0, 100, 150, 20, 30, 5) == [100, 150, 170, 180, 185]


def test_after_a_restart_of_ours_less_than_booked_means_anew() -> None:
    assert totals(500, 700) == [700]
    assert totals(500, 40, 50) == [540, 550]


def test_what_was_not_told_changes_nothing() -> None:
    assert totals(0, 100, None, 160) == [100, None, 160]


def test_a_session_that_is_over_is_forgotten() -> None:
    meter = Meter()
    meter.total(KEY, "up", 0, 100)
    meter.forget(set())

    assert meter.total(KEY, "up", 0, 30) == 30


@pytest.mark.parametrize("value", [None, "12", -1, True, math.nan, math.inf, [1], {}])
def test_a_number_that_is_none_is_nothing(value: object) -> None:
    assert values.octets(value) is None


def test_numbers_are_bounded_and_limits_are_never_nothing() -> None:
    assert values.octets(10**40) == 2**63 - 1
    assert values.octets(7.9) == 7
    assert (values.minutes(0), values.minutes(61), values.kilobits(0), values.megabytes(0)) == (1, 2, 2, 1)


@pytest.mark.parametrize("value", [None, 7, "x", "02:11", "<script>"])
def test_a_mac_or_address_that_is_none_is_nothing(value: object) -> None:
    assert values.mac(value) is None
    assert values.address(value) is None


def test_silence_is_answered_soon_at_first_and_not_beyond_the_grant() -> None:
    assert after_silence(ORDER, 1000) == Again(1001)
    assert after_silence(
        Order(**{name: getattr(ORDER, name) for name in ORDER.__slots__} | {"tries": 9}), 1200
    ) == Again(1215)
    assert after_silence(ORDER, 1000 + 300) == Closed(UNANSWERED)


def test_the_session_id_of_a_stranger_does_not_hold_its_mac() -> None:
    """Session ids outlive the MACs, which are gone a day after the visit."""
    steps = [stranger(Seen(Mac(mac), is_in=True), "gw", "square", 1000) for mac in ("021122334455", "021122334466")]

    assert {step.session_id for step in steps} == {"guest"}
    assert len({step.mac for step in steps}) == 2
