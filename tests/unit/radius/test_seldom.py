"""What a sender could repeat for ever is said seldom, in bounded memory."""

from __future__ import annotations

from radius.peers import plain_address
from radius.seldom import MOST_REMEMBERED, QUIET_SECONDS, Pace, Seldom, network_of


def test_the_same_thing_is_said_once_a_minute_and_another_at_once() -> None:
    seldom = Seldom()
    said = [seldom.is_due(what, now) for what, now in (("a", 0), ("a", 30), ("b", 30), ("a", QUIET_SECONDS))]

    assert said == [True, False, True, True]


def test_a_flood_does_not_grow_the_memory() -> None:
    seldom = Seldom()
    for number in range(3 * MOST_REMEMBERED):
        seldom.is_due(str(number), 0)

    assert len(seldom) == MOST_REMEMBERED


def test_so_many_a_second_are_said_and_the_next_tells_how_many_were_not() -> None:
    pace = Pace(2)

    assert [pace.left_out(now) for now in (7.0, 7.1, 7.2, 7.9, 8.0, 8.1)] == [0, 0, None, None, 2, 0]


def test_an_address_is_shortened_to_its_network() -> None:
    assert network_of("10.66.1.9") == "10.66.1.x"
    assert network_of("2001:db8:1::9") == "2001:db8:1:x"


def test_an_ipv4_nas_is_known_on_an_ipv6_socket() -> None:
    assert plain_address("::ffff:10.66.1.1") == "10.66.1.1"
    assert plain_address("10.66.1.1") == "10.66.1.1"
    assert plain_address("2001:db8::1") == "2001:db8::1"
