"""What ip says of the interfaces, and the remark from which a removal knows what to put back."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import IPv4Interface, IPv6Interface

from gateway import ground
from gateway.place import Place

PLACE = Place("lan", "wan", IPv4Interface("10.70.7.1/22"), IPv6Interface("2001:db8:70::1/64"), 8880, ())
LINKS = json.dumps(
    [
        {"ifname": "lo", "link_type": "loopback"},
        {"ifname": "lan", "link_type": "ether", "linkinfo": {"info_kind": "bridge"}},
        {"ifname": "ap1", "link_type": "ether", "master": "lan"},
        {"ifname": "docker0", "link_type": "ether", "linkinfo": {"info_kind": "bridge"}},
        {"ifname": "veth9", "link_type": "ether", "master": "docker0"},
        {"ifname": "wan", "link_type": "ppp"},
    ]
)
ADDRESSES = json.dumps([{"ifname": "lan", "addr_info": [{"local": "10.70.7.1", "prefixlen": 22}]}])


def test_the_ports_of_other_bridges_are_found() -> None:
    found = ground.read(LINKS, ADDRESSES, PLACE, 14)
    assert (found.bridged, found.elsewhere) == (True, ("veth9",))


def test_only_ethernet_has_a_header_to_take_off() -> None:
    headers = ground.read(LINKS, ADDRESSES, PLACE, 14).headers
    assert (headers["lan"], headers["wan"]) == (14, 0)


def test_a_lan_of_one_cable_is_no_bridge() -> None:
    assert not ground.read(LINKS, "[]", replace(PLACE, lan="ap1"), 14).bridged


def test_the_addresses_that_are_there_are_read() -> None:
    assert ground.read(LINKS, ADDRESSES, PLACE, 14).addresses == {"10.70.7.1/22"}
    assert ground.wanted(PLACE) == ("10.70.7.1/22", "2001:db8:70::1/64")


def test_without_ipv6_none_of_its_switches_is_touched() -> None:
    assert not any(name.startswith("ipv6") for name in ground.switches(replace(PLACE, network6=None), bridged=True))


def test_a_remark_is_recalled_as_it_was_noted() -> None:
    before = dict.fromkeys(ground.switches(PLACE, bridged=True), "0")
    for ours in ((), ("10.70.7.1/22",), ("10.70.7.1/22", "2001:db8:70::1/64")):
        remark = ground.noted(before, ours)
        assert ground.recalled(remark, tuple(before)) == (before, ours)


def test_the_longest_remark_fits_a_tables_comment() -> None:
    before = dict.fromkeys(ground.switches(PLACE, bridged=True), "0")
    longest = ("255.255.255.255/32", "1111:2222:3333:4444:5555:6666:7777:8888/128")
    assert len(ground.noted(before, longest)) < 128


def test_a_strange_remark_is_nothing_to_put_back() -> None:
    assert ground.recalled("", ("a",)) is None
    assert ground.recalled("somebody's own words here", ("a",)) is None
