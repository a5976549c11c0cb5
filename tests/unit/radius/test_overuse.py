"""When a session's client has crossed its limits, and what it may still have."""

from __future__ import annotations

from hotspot.allowance import Usage
from hotspot.sites import Sites
from hotspot.wishes import Act
from radius.overuse import Crossed, crossed, limits_left


def test_a_day_that_slows_is_slowed_and_one_that_ends_is_ended(sites: Sites) -> None:
    square, house = (sites.policy_of(sites.site[name]) for name in ("alun-alun-besar", "pendopo-wabup"))

    assert crossed(square, Usage(60, square.day.octets - 1)) is None
    assert crossed(square, Usage(60, square.day.octets)) == Crossed(Act.LIMIT, "data-used")
    assert crossed(house, Usage(60, house.day.octets)) == Crossed(Act.END, "data-used")
    assert crossed(square, Usage(square.day.time, 0)) == Crossed(Act.END, "time-used")


def test_who_is_slowed_keeps_the_promised_time(sites: Sites) -> None:
    policy = sites.policy_of(sites.site["alun-alun-besar"])

    told = limits_left(policy, Usage(60, policy.day.octets), 1800)

    assert (told.seconds, told.octets, told.up, told.down) == (1800, None, policy.speed.slow, policy.speed.slow)
    assert limits_left(policy, Usage(), -5).seconds == 60
