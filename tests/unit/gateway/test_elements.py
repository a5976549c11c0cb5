"""The lines that put clients in and take them out: one line for a set, whatever the number of clients."""

from __future__ import annotations

from ipaddress import ip_address

from gateway.admission import Admission
from gateway.elements import Online, put, take
from hotspot.mac import Mac

MAC = Mac.parse("02:00:5e:00:00:21")
OTHER = Mac.parse("02:00:5e:00:00:22")
ADDRESSES = (ip_address("10.70.7.21"), ip_address("2001:db8:70::21"), ip_address("fe80::21"))
CLIENT = Online(0x10, MAC, ADDRESSES, 600)


def test_a_client_is_put_in_by_mac_mark_and_address() -> None:
    assert put([CLIENT], bridged=True).splitlines() == [
        "add element inet hotspot clients { 02:00:5e:00:00:21 timeout 600s : 0x10 }",
        "add element inet hotspot alive { 0x10 timeout 600s : 4853:10 }",
        "add element inet hotspot bound4 { 02:00:5e:00:00:21 . 10.70.7.21 timeout 600s }",
        "add element arp hotspot held { 10.70.7.21 timeout 600s }",
        "add element arp hotspot bound { 02:00:5e:00:00:21 . 10.70.7.21 timeout 600s }",
        "add element inet hotspot named6 { 0x20010db8007000000000000000000021 timeout 600s }",
        "add element inet hotspot named6_by { 0x20010db8007000000000000000000021 . 02:00:5e:00:00:21 timeout 600s }",
        "add element bridge hotspot online { 02:00:5e:00:00:21 timeout 600s }",
        "add element inet hotspot owner6 { 2001:db8:70::21 . 02:00:5e:00:00:21 timeout 86400s }",
        "add element inet hotspot taken6 { 2001:db8:70::21 timeout 86400s }",
    ]


def test_taking_out_adds_before_it_deletes_because_what_timed_out_cannot_be_deleted() -> None:
    lines = take([CLIENT], bridged=False).splitlines()
    assert "add element inet hotspot alive { 0x10 timeout 600s : 4853:10 }" in lines
    assert "delete element inet hotspot alive { 0x10 }" in lines
    assert lines.index("add element inet hotspot clients { 02:00:5e:00:00:21 timeout 600s : 0x10 }") < lines.index(
        "delete element inet hotspot clients { 02:00:5e:00:00:21 }"
    )
    assert not any("bridge" in line or "owner6" in line or "taken6" in line for line in lines)


def test_a_client_that_claims_many_addresses_holds_two() -> None:
    greedy = Online(0x10, MAC, tuple(ip_address(f"10.70.7.{last}") for last in range(20, 40)), 60)
    assert "add element arp hotspot held { 10.70.7.20 timeout 60s, 10.70.7.21 timeout 60s }\n" in put(
        [greedy], bridged=True
    )


def test_many_clients_are_one_line_for_each_set() -> None:
    clients = [Online(mark, Mac(f"{mark:012x}"), (), 60) for mark in range(0x10, 0x10 + 1000)]
    assert len(put(clients, bridged=True).splitlines()) == 3
    assert len(take(clients, bridged=True).splitlines()) == 6


def test_an_address_that_two_clients_name_is_deleted_once() -> None:
    two = [CLIENT, Online(0x11, OTHER, ADDRESSES, 600)]
    assert "delete element arp hotspot held { 10.70.7.21 }" in take(two, bridged=False).splitlines()


def test_a_safety_net_that_ran_out_still_is_a_time_out() -> None:
    assert "timeout 1s" in put([Online(0x10, MAC, (), 0)], bridged=False)


def test_nobody_is_no_line() -> None:
    assert put([], bridged=True) == take([], bridged=True) == ""


def test_an_admission_says_all_that_the_ruleset_holds() -> None:
    assert Online.of(Admission(0x10, MAC, ADDRESSES, 1, 2, 600)) == CLIENT
