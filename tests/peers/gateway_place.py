"""A site in network namespaces: two phones on a bridge, a Linux gateway, an internet that answers every OS's probe."""

from __future__ import annotations

import contextlib
import ctypes
import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Interface, IPv6Interface
from pathlib import Path

from gateway.place import Place
from tests.peers.namespace import Namespace, join, namespace
from tests.peers.process import program, running, wait_until

NETWORK, NETWORK6 = IPv4Interface("10.70.7.1/22"), IPv6Interface("2001:db8:70::1/64")
PHONES, PHONES6 = ("10.70.7.21", "10.70.7.22"), ("2001:db8:70::21", "2001:db8:70::22")
MACS = ("02:00:5e:00:00:21", "02:00:5e:00:00:22")
PORTS = ("ap1", "ap2")
WAN, INTERNET, PORTAL, OUTSIDE = "203.0.113.1", "203.0.113.2", "203.0.113.10", "203.0.113.20"
WAN6, INTERNET6, PORTAL6, OUTSIDE6 = "2001:db8:ff::1", "2001:db8:ff::2", "2001:db8:ff::10", "2001:db8:ff::20"
NEXT_NETWORK, NEXT_WAN, _NEXT_INTERNET = IPv4Interface("10.70.12.1/22"), "198.51.100.1", "198.51.100.2"
PORTAL_NAME = "wifi.example"
LOGIN_PORT = 8880
PLACE = Place("lan", "wan", NETWORK, NETWORK6, LOGIN_PORT, (PORTAL_NAME,))

# A veth pair passes 64 kB at once where a cable carries packets of 1,500 octets; queues and counters see a difference.
_OF_ONE_SEGMENT = ("gso_max_segs", "1")
_CLONE_NEWNET = 0x40000000
_LEASE = """#!/bin/sh
[ "$1" = bound ] || exit 0
ip addr flush dev "$interface" scope global
ip addr add "$ip/$mask" dev "$interface"
ip route replace default via "$router"
"""


@dataclass(frozen=True)
class Site:
    """``place`` is what the gateway is told; nothing of it is set up yet but the cables and the way out."""

    phones: tuple[Namespace, Namespace]
    gate: Namespace
    internet: Namespace
    place: Place


@contextlib.contextmanager
def site(folder: Path, *, nat: bool = True) -> Iterator[Site]:
    """Cables ``phone:wifi - ap<n>:gate`` on the bridge ``lan``, and ``gate:wan - net:internet``, which answers."""
    with namespace() as one, namespace() as two, namespace() as gate, namespace() as internet:
        for there in (one, two, gate, internet):  # nobody waits a second to learn that its address is its own
            there.run("sysctl", "-qw", "net.ipv6.conf.default.dad_transmits=0")
        for phone, port, mac in zip((one, two), PORTS, MACS, strict=True):
            join((phone, "wifi", ""), (gate, port, ""))
            phone.ip("link", "set", "wifi", "address", mac, *_OF_ONE_SEGMENT)
        _switch(gate)
        join((gate, "wan", f"{WAN}/24"), (internet, "net", f"{INTERNET}/24"))
        internet.ip("link", "set", "net", *_OF_ONE_SEGMENT)
        _uplink(gate, internet)
        place = replace(PLACE, nat=nat)
        with running(internet.command(sys.executable, "-m", "tests.peers.internet"), folder / "internet.log"):
            wait_until(lambda: "ready" in (folder / "internet.log").read_text(), "the internet is up")
            yield Site((one, two), gate, internet, place)


@contextlib.contextmanager
def second_gate(first: Site) -> Iterator[Site]:
    """Another gateway on another cable of the same internet; its access points have no phone yet."""
    with namespace() as gate:
        gate.ip("link", "add", "lan", "type", "bridge", "mcast_snooping", "0")
        gate.ip("link", "set", "lan", "up")
        join((gate, "wan", f"{NEXT_WAN}/24"), (first.internet, "net2", f"{_NEXT_INTERNET}/24"))
        gate.ip("route", "add", "default", "via", _NEXT_INTERNET)
        yield replace(first, gate=gate, place=replace(first.place, network=NEXT_NETWORK, network6=None))


def walk(phone: Namespace, gate: Namespace) -> None:
    """A phone leaves the access point it is on for one of another gateway; its MAC stays its own."""
    mac = json.loads(phone.run("ip", "-j", "link", "show", "dev", "wifi"))[0]["address"]
    phone.ip("link", "del", "wifi")
    join((phone, "wifi", ""), (gate, PORTS[0], ""))
    phone.ip("link", "set", "wifi", "address", mac, *_OF_ONE_SEGMENT)
    gate.ip("link", "set", PORTS[0], "master", "lan")


@contextlib.contextmanager
def inside(place: Namespace) -> Iterator[None]:
    """This thread lives in a namespace for a while; a socket made there stays there."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/thread-self/ns/net").open("rb") as home, Path(f"/run/netns/{place.name}").open("rb") as there:
        _enter(libc, there.fileno())
        try:
            yield
        finally:
            _enter(libc, home.fileno())


def connected(phone: Namespace, address: str, port: int, seconds: float = 5) -> socket.socket:
    """A TCP connection of a phone's; being refused and being left without an answer are different errors."""
    with inside(phone):
        return socket.create_connection((address, port), seconds)


def fetched(phone: Namespace, address: str, host: str, path: str = "/", port: int = 80) -> bytes:
    """The whole answer to a plain HTTP request, head and body."""
    with connected(phone, address, port) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def settle(phone: Namespace, address: str, address6: str | None = None) -> None:
    """A phone with addresses of its own choice; without ``address6`` it knows IPv4 only."""
    phone.ip("addr", "add", f"{address}/{NETWORK.network.prefixlen}", "dev", "wifi")
    phone.ip("route", "add", "default", "via", str(NETWORK.ip))
    if address6:
        phone.ip("addr", "add", f"{address6}/128", "dev", "wifi", "nodad")
        phone.ip("route", "add", str(NETWORK6.ip), "dev", "wifi")
        phone.ip("route", "add", "default", "via", str(NETWORK6.ip), "dev", "wifi")


def take_a_lease(phone: Namespace, folder: Path) -> None:
    """A phone that asks the gateway's DHCP server for its address and route."""
    script = folder / "lease"
    script.write_text(_LEASE)
    script.chmod(0o755)
    phone.run(program("udhcpc", "udhcpc"), "-i", "wifi", "-q", "-n", "-f", "-T", "1", "-t", "5", "-s", str(script))


@contextlib.contextmanager
def names(internet: Namespace, folder: Path, *more: str) -> Iterator[None]:
    """The internet's name server: the portal's name has its addresses, every other name those of one outside host.

    ``more`` are further words of dnsmasq's command line.
    """
    words = ["--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root"]
    words += [f"--address=/#/{OUTSIDE}", f"--address=/#/{OUTSIDE6}", f"--pid-file={folder}/names.pid"]
    words += [f"--address=/{PORTAL_NAME}/{PORTAL}", f"--address=/{PORTAL_NAME}/{PORTAL6}", "--log-facility=-", *more]
    log = folder / "names.log"
    with running(internet.command(program("dnsmasq", "dnsmasq-base"), *words), log):
        wait_until(lambda: "started" in log.read_text(), f"the internet's names are served; see {log}")
        yield


def _switch(gate: Namespace) -> None:
    """One that does not listen for multicast groups, for then it sends reports of its own."""
    gate.ip("link", "add", "lan", "type", "bridge", "mcast_snooping", "0")
    for port in PORTS:
        gate.ip("link", "set", port, "master", "lan")
    gate.ip("link", "set", "lan", "up")


def _uplink(gate: Namespace, internet: Namespace) -> None:
    gate.ip("addr", "add", f"{WAN6}/64", "dev", "wan", "nodad")
    gate.ip("route", "add", "default", "via", INTERNET)
    gate.ip("route", "add", "default", "via", INTERNET6)
    for address in (f"{PORTAL}/24", f"{OUTSIDE}/24", f"{INTERNET6}/64", f"{PORTAL6}/64", f"{OUTSIDE6}/64"):
        internet.ip("addr", "add", address, "dev", "net", *(["nodad"] if ":" in address else []))
    internet.ip("route", "add", str(NETWORK.network), "via", WAN)
    internet.ip("route", "add", str(NETWORK6.network), "via", WAN6)


def _enter(libc: ctypes.CDLL, descriptor: int) -> None:
    if libc.setns(descriptor, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "cannot enter the namespace")
