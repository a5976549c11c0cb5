"""The frames of visitors who are only frames."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv4Network

from bench.gateway.crowd import coming_down, crowd, going_up
from hotspot.mac import Mac

NETWORK = IPv4Network("10.70.4.0/22")
GATEWAY, INTERNET = Mac("02000000aa01"), Mac("02000000aa02")


def test_a_thousand_visitors_have_a_thousand_macs_and_addresses_of_the_network() -> None:
    visitors = crowd(1000, NETWORK, ["10.70.7.1"])

    assert len({visitor.mac for visitor in visitors}) == len({visitor.address for visitor in visitors}) == 1000
    assert all(visitor.address in NETWORK for visitor in visitors)
    assert IPv4Address("10.70.7.1") not in {visitor.address for visitor in visitors}


def test_a_frame_is_as_long_as_asked_and_its_header_sums_up() -> None:
    visitor = crowd(1, NETWORK, [])[0]
    for frame in (
        going_up(visitor, GATEWAY, 60),
        coming_down(visitor, GATEWAY, INTERNET, IPv4Address("203.0.113.1"), 60),
    ):
        head = frame[14:34]
        total = sum(struct.unpack("!10H", head))
        assert len(frame) == 14 + 60
        assert (total & 0xFFFF) + (total >> 16) == 0xFFFF  # RFC 791 section 3.1


def test_an_answer_comes_to_the_port_that_a_visitor_asked_from() -> None:
    visitor = crowd(2, NETWORK, [])[1]
    asked = going_up(visitor, GATEWAY, 60)
    answered = coming_down(visitor, GATEWAY, INTERNET, IPv4Address("203.0.113.1"), 60)

    assert asked[34:36] == answered[36:38] == struct.pack("!H", visitor.port)
    assert asked[6:12] == bytes.fromhex(visitor.mac.digits)
