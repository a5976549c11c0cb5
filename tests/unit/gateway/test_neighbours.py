"""Who is behind an address, from what ip and bridge print."""

from __future__ import annotations

import json
from ipaddress import ip_address

from gateway.neighbours import parse
from hotspot.mac import Mac

MAC = Mac.parse("02:00:5e:00:00:21")
NEIGHBOURS = json.dumps(
    [
        {"dst": "2001:db8:70::21", "lladdr": "02:00:5e:00:00:21", "state": ["STALE"]},
        {"dst": "10.70.7.21", "lladdr": "02:00:5e:00:00:21", "state": ["REACHABLE"]},
        {"dst": "10.70.7.22", "state": ["FAILED"]},
    ]
)
FORWARDING = json.dumps(
    [
        {"mac": "02:00:5e:00:00:21", "ifname": "ap1", "flags": [], "master": "lan", "state": ""},
        {"mac": "0a:00:5e:00:00:01", "ifname": "ap1", "flags": [], "master": "lan", "state": "permanent"},
        {"mac": "33:33:00:00:00:01", "ifname": "ap1", "flags": ["self"], "state": "permanent"},
    ]
)


def test_an_address_leads_to_its_mac_and_back() -> None:
    found = parse(NEIGHBOURS, FORWARDING)
    assert found.macs[ip_address("10.70.7.21")] == MAC
    assert found.addresses(MAC) == (ip_address("10.70.7.21"), ip_address("2001:db8:70::21"))


def test_an_address_that_did_not_answer_is_nobody() -> None:
    assert ip_address("10.70.7.22") not in parse(NEIGHBOURS, FORWARDING).macs


def test_a_mac_sits_at_the_port_it_was_learned_from() -> None:
    assert parse(NEIGHBOURS, FORWARDING).ports == {MAC: "ap1"}


def test_an_interface_that_is_gone_has_nobody() -> None:
    assert parse("", "").macs == {}
