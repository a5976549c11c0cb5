"""Counters through wrap, restart, discontinuity and nonsense; rates by port name."""

from __future__ import annotations

from monitor.counter import BITS_32, Sample, growth, rate
from monitor.rates import rates
from monitor.snapshot import Answers, Port


def test_a_counter_grows() -> None:
    assert growth(Sample(100, 0), Sample(700, 60)) == 600
    assert rate(Sample(100, 0), Sample(700, 60)) == 10


def test_thirty_two_bits_wrap_and_sixty_four_do_not() -> None:
    before, after = Sample(BITS_32 - 10, 0), Sample(20, 60)

    assert growth(before, after, BITS_32) == 30
    assert growth(before, after) is None, "a 64-bit counter that falls has begun anew"


def test_after_a_restart_nothing_is_known_and_the_next_poll_is_right_again() -> None:
    before, restarted, after = Sample(900, 0, 100_000), Sample(5, 60, 3_000), Sample(65, 120, 9_000)

    assert growth(before, restarted, BITS_32) is None
    assert growth(restarted, after, BITS_32) == 60


def test_an_uptime_that_wraps_after_497_days_is_no_restart() -> None:
    before, after = Sample(100, 0, BITS_32 - 3_000), Sample(160, 60, 3_000)

    assert growth(before, after) == 60


def test_a_line_card_that_restarts_says_so_by_its_discontinuity_time() -> None:
    assert growth(Sample(10, 0, 1000, 0), Sample(10**15, 60, 7000, 6500)) is None


def test_what_no_port_of_that_speed_can_carry_is_no_figure() -> None:
    fast = 1e9 / 8

    assert growth(Sample(0, 0), Sample(10**15, 60), most=fast) is None
    assert growth(Sample(0, 0), Sample(7 * 10**9, 60), most=fast) == 7 * 10**9


def test_the_agent_s_clock_counts_where_there_is_one() -> None:
    """The second answer waited ten seconds in a queue: sixty seconds passed at the device."""
    assert rate(Sample(0, 0, 1000), Sample(600, 70, 7000)) == 10


def test_the_same_moment_twice_has_no_rate() -> None:
    assert rate(Sample(0, 60), Sample(600, 60)) is None


def answers(at: float, uptime: int, *ports: Port) -> Answers:
    return Answers(at, {"sysUpTime": uptime}, ports, {}, {}, ())


def port(index: int, name: str, octets: int) -> Port:
    return Port(index, name, "", "", {"ifHCInOctets": octets, "ifHighSpeed": 1000})


def test_rates_follow_the_name_and_not_a_name_that_moved_to_another_port() -> None:
    before = answers(0, 1000, port(1, "sfp1", 0), port(2, "ether1", 10**9))
    swapped = (port(1, "ether1", 750), port(2, "sfp1", 10**9))

    assert list(rates(before, 60.0, {"sysUpTime": 7000}, swapped)) == []
    assert list(rates(before, 60.0, {"sysUpTime": 7000}, (port(1, "sfp1", 750),))) == [("in-rate", "sfp1", 100.0)]
    assert list(rates(None, 60.0, {}, swapped)) == []
