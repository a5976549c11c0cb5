"""Phones that pretend: another's address, another's MAC, a router's or a DHCP server's word."""

from __future__ import annotations

import socket
import struct
import time
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest

from gateway.admission import Octets
from tests.integration.gateway.conftest import Door, admission
from tests.peers.dnsmasq import dhcp_server
from tests.peers.gateway_place import (
    MACS,
    NETWORK,
    NETWORK6,
    OUTSIDE,
    OUTSIDE6,
    PHONES,
    PHONES6,
    connected,
    fetched,
    inside,
    take_a_lease,
)
from tests.peers.internet import PAGE, TLS
from tests.peers.namespace import Namespace
from tests.peers.process import wait_until

BROADCAST, ALL_NODES = "ff:ff:ff:ff:ff:ff", "33:33:00:00:00:01"


def pretend(phone: Namespace, mac: str) -> None:
    phone.ip("link", "set", "wifi", "address", mac)


def swap_address(phone: Namespace, old: str, new: str) -> None:
    phone.ip("addr", "del", f"{old}/{NETWORK.network.prefixlen}", "dev", "wifi")
    phone.ip("addr", "add", f"{new}/{NETWORK.network.prefixlen}", "dev", "wifi")
    phone.ip("route", "replace", "default", "via", str(NETWORK.ip))


def octets(mac: str) -> bytes:
    return bytes.fromhex(mac.replace(":", ""))


def send_frame(phone: Namespace, to: str, source: str, kind: int, payload: bytes) -> None:
    with inside(phone), socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind(("wifi", 0))
        wire.send(octets(to) + octets(source) + struct.pack(">H", kind) + payload)


def heard_frames(phone: Namespace) -> socket.socket:
    """Listens to all that reaches a phone's interface."""
    with inside(phone):
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))  # ETH_P_ALL
        wire.bind(("wifi", 0))
    wire.settimeout(1)
    return wire


def hears(wire: socket.socket, source: str, seconds: float = 1) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if wire.recv(2000)[6:12] == octets(source):
                return True
        except TimeoutError:
            return False
    return False


def test_a_client_online_cannot_use_its_neighbours_address(door: Door) -> None:
    one, two = door.site.phones
    door.admit(admission(0), admission(1))
    assert PAGE.encode() in fetched(one, OUTSIDE, "example.org")
    two.ip("link", "set", "wifi", "up")
    swap_address(two, PHONES[1], PHONES[0])
    with pytest.raises((ConnectionRefusedError, TimeoutError)):
        connected(two, OUTSIDE, TLS, 1)
    assert PAGE.encode() in fetched(one, OUTSIDE, "example.org")


def test_a_client_online_cannot_use_an_address_it_was_not_given(door: Door) -> None:
    two = door.site.phones[1]
    door.admit(admission(1))
    swap_address(two, PHONES[1], "10.70.7.99")
    with pytest.raises(ConnectionRefusedError):
        connected(two, OUTSIDE, TLS, 2)
    swap_address(two, "10.70.7.99", PHONES[1])
    connected(two, OUTSIDE, TLS).close()


def test_an_ipv6_address_belongs_to_whoever_used_it_first(door: Door) -> None:
    one, two = door.site.phones
    door.admit(admission(0), admission(1))
    private = "2001:db8:70::abcd"
    one.ip("addr", "add", f"{private}/128", "dev", "wifi", "nodad")
    with inside(one):
        socket.create_connection((OUTSIDE6, TLS), 2, (private, 0)).close()
    two.ip("addr", "add", f"{private}/128", "dev", "wifi", "nodad")
    two.ip("neigh", "replace", str(NETWORK6.ip), "lladdr", _lan_mac(door), "dev", "wifi", "nud", "permanent")
    with inside(two), pytest.raises((ConnectionRefusedError, TimeoutError)):
        socket.create_connection((OUTSIDE6, TLS), 1, (private, 0))
    assert door.counters()[0x11].up_packets == 0


@pytest.mark.parametrize("source", ["192.0.2.7", "2001:db8:bad::7"])
def test_a_source_that_is_not_of_the_lan_never_leaves(door: Door, source: str) -> None:
    one = door.site.phones[0]
    door.admit(admission(0))
    one.ip("addr", "add", source, "dev", "wifi", *(["nodad"] if ":" in source else []))
    before = door.counters()[0x10]
    with inside(one), pytest.raises(TimeoutError):
        socket.create_connection((OUTSIDE6 if ":" in source else OUTSIDE, TLS), 1, (source, 0))
    assert door.counters()[0x10] == before == Octets()


def test_forged_arp_does_not_draw_a_clients_traffic_away(door: Door) -> None:
    one, two = door.site.phones
    door.admit(admission(0), admission(1))
    fetched(one, OUTSIDE, "example.org")
    lan = octets(_lan_mac(door))
    forged = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 2)
    forged += octets(MACS[1]) + IPv4Address(PHONES[0]).packed + lan + NETWORK.ip.packed
    for _ in range(3):
        time.sleep(0.6)  # an entry that is younger than a second is not overwritten anyway (locktime of arp(7))
        send_frame(two, _lan_mac(door), MACS[1], 0x0806, forged)
    assert MACS[0] in door.site.gate.run("ip", "neigh", "show", PHONES[0])
    assert PAGE.encode() in fetched(one, OUTSIDE, "example.org")


@pytest.mark.parametrize("kind", [135, 136])  # solicitation and advertisement (RFC 4861 sections 4.3 and 4.4)
def test_a_forged_neighbour_message_does_not_draw_a_clients_traffic_away(door: Door, kind: int) -> None:
    one, two = door.site.phones
    door.admit(admission(0), admission(1))
    fetched(one, OUTSIDE6, "example.org")
    victim, attacker, own = IPv6Address(PHONES6[0]), octets(MACS[1]), NETWORK6.ip
    flags, target, option = (0, own, 1) if kind == 135 else (0x20000000, victim, 2)  # override
    body = struct.pack(">BBHI", kind, 0, 0, flags) + target.packed + bytes([option, 1]) + attacker
    for _ in range(3):
        send_frame(two, _lan_mac(door), MACS[1], 0x86DD, icmpv6(victim, own, body))
        time.sleep(0.2)
    assert MACS[0] in door.site.gate.run("ip", "neigh", "show", PHONES6[0])
    assert PAGE.encode() in fetched(one, OUTSIDE6, "example.org")


def _lan_mac(door: Door) -> str:
    return door.site.gate.run("cat", "/sys/class/net/lan/address").strip()


def test_a_second_station_with_the_mac_of_a_client_online_is_not_heard(door: Door) -> None:
    """On another port, while the client itself speaks now and then."""
    one, two = door.site.phones
    door.admit(admission(0))
    fetched(one, OUTSIDE, "example.org")
    pretend(two, MACS[0])
    swap_address(two, PHONES[1], PHONES[0])
    before = door.counters()[0x10].up_packets
    with pytest.raises((TimeoutError, OSError)):
        connected(two, OUTSIDE, TLS, 2)
    assert door.counters()[0x10].up_packets == before
    assert PAGE.encode() in fetched(one, OUTSIDE, "example.org")


def test_a_client_that_walks_to_another_port_is_heard_there_after_a_while(door: Door) -> None:
    one, two = door.site.phones
    door.admit(admission(0))
    fetched(one, OUTSIDE, "example.org")
    one.ip("link", "set", "wifi", "down")
    pretend(two, MACS[0])
    swap_address(two, PHONES[1], PHONES[0])
    start = time.monotonic()
    wait_until(lambda: PAGE.encode() in fetched(two, OUTSIDE, "example.org"), "the other port is heard")
    assert 5 < time.monotonic() - start < 15


def test_a_stranger_with_a_clients_address_is_not_online(door: Door) -> None:
    two = door.site.phones[1]
    door.admit(admission(0))
    swap_address(two, PHONES[1], PHONES[0])
    with pytest.raises((ConnectionRefusedError, TimeoutError)):
        connected(two, OUTSIDE, TLS, 1)


def test_phones_on_two_ports_hear_nothing_of_each_other(door: Door) -> None:
    one, two = door.site.phones
    with heard_frames(one) as wire:
        for to in (BROADCAST, MACS[0]):
            send_frame(two, to, MACS[1], 0x88B5, b"a protocol of one's own")  # IEEE 802 local experimental
        assert not hears(wire, MACS[1])


def test_no_port_hears_a_forged_router_advertisement(door: Door) -> None:
    one, two = door.site.phones
    forged = _router_advertisement("fe80::2")
    with heard_frames(one) as wire:
        send_frame(two, ALL_NODES, MACS[1], 0x86DD, forged)
        assert not hears(wire, MACS[1])
    assert "fe80::2" not in door.site.gate.run("ip", "-6", "route")


def _router_advertisement(source: str) -> bytes:
    return icmpv6(IPv6Address(source), IPv6Address("ff02::1"), struct.pack(">BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0))


def icmpv6(source: IPv6Address, to: IPv6Address, body: bytes) -> bytes:
    """A packet of neighbour discovery with its checksum (RFC 4443 section 2.3) in place of the two zeros."""
    pseudo = source.packed + to.packed + struct.pack(">II", len(body), 58) + body
    total = sum(struct.unpack(f">{len(pseudo) // 2}H", pseudo))
    total = (total & 0xFFFF) + (total >> 16)
    checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    head = struct.pack(">IHBB", 0x60000000, len(body), 58, 255) + source.packed + to.packed
    return head + body[:2] + struct.pack(">H", checksum) + body[4:]


def test_a_clients_dhcp_server_is_heard_by_nobody(door: Door, tmp_path: Path) -> None:
    one, two = door.site.phones
    with dhcp_server(two, "wifi", "10.70.7.200", "10.70.7.210", tmp_path):
        one.ip("addr", "flush", "dev", "wifi", "scope", "global")
        with pytest.raises(AssertionError, match="udhcpc"):
            take_a_lease(one, tmp_path)


def test_a_phone_cannot_use_up_the_others_addresses(door: Door) -> None:
    """New IPv6 addresses of one client are limited; the sixty-first in a row is refused."""
    one = door.site.phones[0]
    door.admit(admission(0))
    connected(one, OUTSIDE6, TLS).close()
    refused = 0
    for number in range(0x100, 0x100 + 70):
        address = str(NETWORK6.network[number])
        one.ip("addr", "add", f"{address}/128", "dev", "wifi", "nodad")
        try:
            with inside(one):
                socket.create_connection((OUTSIDE6, TLS), 5, (address, 0)).close()
        except ConnectionRefusedError:
            refused += 1
    assert 5 <= refused <= 12
