"""The sidecar in a network where a second station speaks for the gateway, a stranger routes, and switches talk."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.peers.namespace import Namespace, bridge, join, namespace
from tests.peers.process import running

# What strangers and switches send, twice a second; the RA's checksum is the kernel's work on a raw socket.
SEND = """
import socket, struct, sys, time
port = sys.argv[1]
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); wire.bind((port, 0))
mac = bytes.fromhex("020000000066")
tlv = lambda kind, value: struct.pack("!H", kind << 9 | len(value)) + value
lldp = bytes.fromhex("0180c200000e") + mac + b"\\x88\\xcc" + tlv(1, b"\\x04" + mac) + tlv(2, b"\\x05ge-0/0/7") \
    + tlv(3, b"\\0\\x78") + tlv(5, b"sw-alun") + tlv(0, b"")
field = lambda kind, value: struct.pack("!HH", kind, len(value) + 4) + value
body = bytes.fromhex("aaaa0300000c2000") + b"\\x02\\xb4\\0\\0" + field(1, b"sw-cisco") + field(3, b"Gi0/1")
cdp = bytes.fromhex("01000ccccccc") + mac + struct.pack("!H", len(body)) + body
row = lambda kind, value: struct.pack("!HH", kind, len(value)) + value
mndp = bytes(4) + row(5, b"core-kutoarjo") + row(16, b"sfp2")
ra = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
ra.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
ra.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex(port))
prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 3600, 3600, 0) + socket.inet_pton(socket.AF_INET6, "2001:db8:66::")
shout = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); shout.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
while True:
    wire.send(lldp); wire.send(cdp)
    shout.sendto(mndp, ("10.66.2.255", 5678))
    try:
        head = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0)
        ra.sendto(head + prefix, ("ff02::1", 0, 0, socket.if_nametoindex(port)))
    except OSError:
        pass  # its address is not known to be unique yet
    time.sleep(0.5)
"""


def look(sensor: Namespace) -> dict[str, list[dict[str, str]]]:
    words = ("-m", "monitor.sidecar", "--interface", "s0", "--gateway", "10.66.2.1", "--wait", "4", "--once")
    found: dict[str, list[dict[str, str]]] = {}
    for claim in json.loads(sensor.run(sys.executable, *words))["claims"]:
        found.setdefault(claim["kind"], []).append(claim)
    return found


def test_a_spoofed_gateway_a_foreign_router_and_three_kinds_of_neighbours_are_seen(tmp_path: Path) -> None:
    with ExitStack() as stack:
        switch, sensor, gateway, stranger = (stack.enter_context(namespace()) for _ in range(4))
        join((switch, "p0", ""), (sensor, "s0", ""))
        join((switch, "p1", ""), (gateway, "g0", "10.66.2.1/24"))
        join((switch, "p2", ""), (stranger, "r0", "10.66.2.66/24"))
        bridge(switch, "br0", "p0", "p1", "p2")
        for port in (
            "p0",
            "p1",
            "p2",
        ):  # LLDP is for one cable: the bridge passes it on here, so that one stranger does all
            switch.run("sh", "-c", f"echo 16384 > /sys/class/net/br0/lower_{port}/brport/group_fwd_mask")

        before = look(sensor)
        assert set(before) == {"arp"}
        assert len(before["arp"]) == 1

        stranger.ip("addr", "add", "10.66.2.1/24", "dev", "r0")
        stack.enter_context(running(stranger.command(sys.executable, "-c", SEND, "r0"), tmp_path / "stranger.log"))
        after = look(sensor)

    assert len({(one["maker"], one["mark"]) for one in after["arp"]}) == 2
    assert [one["port"] for one in after["ra"]] == ["2001:db8:66::"]
    assert after["ra"][0]["who"].startswith("fe80::")
    assert {(kind, after[kind][0]["who"], after[kind][0]["port"]) for kind in ("lldp", "cdp", "mndp")} == {
        ("lldp", "sw-alun", "ge-0/0/7"),
        ("cdp", "sw-cisco", "Gi0/1"),
        ("mndp", "core-kutoarjo", "sfp2"),
    }
    assert all(len(one["maker"]) in (0, 8) for found in after.values() for one in found), "never a whole address"
