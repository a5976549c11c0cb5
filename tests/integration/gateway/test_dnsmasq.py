"""Debian's dnsmasq with the configuration that the gateway writes: leases, names, the garden, what is announced."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import socket
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gateway.dnsmasq import render
from gateway.kernel import Kernel
from hotspot.sites.gateway import Gateway
from tests.peers.gateway_place import (
    INTERNET,
    MACS,
    NETWORK,
    NETWORK6,
    OUTSIDE,
    PORTAL,
    PORTAL6,
    PORTAL_NAME,
    Site,
    connected,
    fetched,
    inside,
    names,
    site,
)
from tests.peers.namespace import Namespace
from tests.peers.process import program, running, wait_until
from tests.peers.resolver import AAAA, NULL, NXDOMAIN, TXT, asked

NAME = "gw-a.wifi.example.net"
API = f"https://{NAME}/captive"
TUNNEL = ("--dns-rr=t.tunnel.example,10,c0ffee", "--txt-record=t.tunnel.example,words")
OWN, OWN6 = str(NETWORK.ip), str(NETWORK6.ip)

_USER, _RIGHTS = "nobody", "-all,+net_admin,+net_raw,+net_bind_service"
_NOTE_LEASE = """#!/bin/sh
[ "$1" = bound ] || exit 0
echo "ip=$ip mask=$mask router=$router dns=$dns lease=$lease opt114=$opt114" > {note}
ip addr flush dev "$interface" scope global
ip addr add "$ip/$mask" dev "$interface"
ip route replace default via "$router"
"""


@dataclass(frozen=True)
class Served:
    """A site whose kernel enforces and whose dnsmasq runs; nobody is online."""

    site: Site
    folder: Path

    @property
    def phone(self) -> Namespace:
        return self.site.phones[0]

    def lease(self, phone: Namespace) -> dict[str, str]:
        script, note = self.folder / "note-lease", self.folder / f"lease-{phone.name}"
        script.write_text(_NOTE_LEASE.format(note=note))
        script.chmod(0o755)
        phone.run(program("udhcpc", "udhcpc"), "-i", "wifi", "-q", "-n", "-f", "-O", "114", "-s", str(script))
        return dict(pair.split("=", 1) for pair in note.read_text().split())

    def garden(self, name: str) -> str:
        return self.site.gate.run("nft", "list", "set", "inet", "hotspot", name)


def box() -> Gateway:
    table = {"lan": "lan", "wan": "wan", "network": str(NETWORK), "network6": str(NETWORK6), "name": NAME}
    return Gateway.model_validate({**table, "radius": ["203.0.113.9"], "resolvers": [INTERNET]})


@contextlib.contextmanager
def dnsmasq(place: Site, folder: Path) -> Iterator[None]:
    """With the user and the rights that its unit gives it, in a folder that such a user reaches."""
    log = folder / "dnsmasq.log"
    with tempfile.TemporaryDirectory(prefix="dnsmasq-") as home:
        conf = Path(home) / "dnsmasq.conf"
        conf.write_text(render(box(), place.place.garden, Path(home) / "leases", API))
        shutil.chown(home, _USER)
        words = [program("setpriv", "util-linux"), f"--reuid={_USER}", "--clear-groups", "--no-new-privs"]
        words += [f"--inh-caps={_RIGHTS}", f"--ambient-caps={_RIGHTS}", f"--bounding-set={_RIGHTS}"]
        words += [program("dnsmasq", "dnsmasq-base"), f"--conf-file={conf}", "--keep-in-foreground"]
        with running(place.gate.command(*words, "--log-facility=-", "--pid-file"), log):
            wait_until(lambda: "DHCP, IP range" in log.read_text(), f"dnsmasq is up; see {log}")
            yield


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with site(tmp_path) as place, names(place.internet, tmp_path, *TUNNEL):
        kernel = Kernel(replace(place.place, api_port=box().api_port))
        with inside(place.gate):
            kernel.install()
        with dnsmasq(place, tmp_path):
            yield Served(place, tmp_path)


def test_a_phone_gets_an_address_the_door_as_router_and_resolver_and_where_to_ask(served: Served) -> None:
    lease = served.lease(served.phone)

    assert NETWORK.network.supernet_of(NETWORK.network.__class__(f"{lease['ip']}/32"))
    assert lease["ip"] != OWN
    assert (lease["mask"], lease["router"], lease["dns"], lease["lease"]) == ("22", OWN, OWN, "3600")
    assert bytes.fromhex(lease["opt114"]) == API.encode()  # RFC 8910 section 2.1: not NUL-terminated


def test_the_portal_is_reached_by_name_and_nothing_else_is(served: Served) -> None:
    served.lease(served.phone)
    assert PORTAL not in served.garden("garden4")

    assert asked(served.phone, OWN, PORTAL_NAME).addresses == (PORTAL,)
    assert asked(served.phone, OWN, PORTAL_NAME, AAAA).addresses == (PORTAL6,)
    assert asked(served.phone, OWN, "captive.apple.com").addresses == (OUTSIDE,)

    assert PORTAL in served.garden("garden4")
    assert PORTAL6 in served.garden("garden6")
    assert OUTSIDE not in served.garden("garden4")
    assert b"The internet" in fetched(served.phone, PORTAL, PORTAL_NAME)
    with pytest.raises(ConnectionRefusedError):
        connected(served.phone, OUTSIDE, 443)


@pytest.mark.parametrize("server", [INTERNET, OUTSIDE])
def test_no_other_resolver_is_reached(served: Served, server: str) -> None:
    served.lease(served.phone)

    with pytest.raises(OSError, match=r"refused|unreachable|No route"):
        asked(served.phone, server, PORTAL_NAME)


def test_names_that_carry_tunnels_or_circumvent_the_garden_are_not_answered(served: Served) -> None:
    served.lease(served.phone)

    assert asked(served.phone, OWN, "use-application-dns.net").code == NXDOMAIN
    assert asked(served.site.gate, INTERNET, "t.tunnel.example", NULL).answers == 1
    assert asked(served.phone, OWN, "t.tunnel.example", NULL).answers == 0
    assert asked(served.phone, OWN, "t.tunnel.example", TXT).answers == 1


def test_queries_without_end_are_cut_to_what_a_phone_needs(served: Served) -> None:
    served.lease(served.phone)
    with inside(served.phone):
        wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with wire:
        wire.settimeout(1)
        wire.connect((OWN, 53))
        for number in range(600):
            query = (
                struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + b"\x01t\x07example\0" + struct.pack("!HH", 1, 1)
            )
            wire.send(query)
        answers = 0
        with contextlib.suppress(TimeoutError):
            while wire.recv(4096):
                answers += 1

    assert 0 < answers < 200


def test_the_doors_own_name_leads_to_it_in_both_protocols(served: Served) -> None:
    served.lease(served.phone)

    assert asked(served.phone, OWN, NAME).addresses == (OWN,)
    assert asked(served.phone, OWN, NAME, AAAA).addresses == (OWN6,)


def test_a_phone_makes_up_its_ipv6_address_and_asks_the_rest_by_dhcpv6(served: Served) -> None:
    wait_until(lambda: global6(served.phone), "the phone has an address of the announced prefix")
    options = information(served.phone)

    assert options[103] == API.encode()  # RFC 8910 section 2.2
    assert options[23] == NETWORK6.ip.packed  # DNS servers (RFC 3646)
    assert asked(served.phone, OWN6, PORTAL_NAME, AAAA).addresses == (PORTAL6,)
    assert "default via fe80:" in served.phone.run("ip", "-6", "route")


def test_nothing_is_noted_of_who_asked_for_what(served: Served) -> None:
    served.lease(served.phone)
    asked(served.phone, OWN, "secret.example")
    log = (served.folder / "dnsmasq.log").read_text()

    assert "secret.example" not in log
    assert MACS[0] not in log


def global6(phone: Namespace) -> bool:
    shown = phone.run("ip", "-6", "addr", "show", "dev", "wifi", "scope", "global")
    return "2001:db8:70:" in shown and "tentative" not in shown


def information(phone: Namespace) -> dict[int, bytes]:
    """The options of a DHCPv6 server's reply to an Information-request (RFC 8415 section 18.2.6)."""
    client = b"\0\x03\0\x01" + bytes.fromhex(MACS[0].replace(":", ""))  # DUID-LL
    body = struct.pack("!HH", 1, len(client)) + client + struct.pack("!HHHH", 6, 4, 23, 103)
    with inside(phone):
        wire = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        scope = socket.if_nametoindex("wifi")
    with wire:
        wire.settimeout(5)
        wire.bind(("::", 546))
        wire.sendto(b"\x0b" + secrets.token_bytes(3) + body, ("ff02::1:2", 547, 0, scope))
        reply = wire.recv(4096)
    assert reply[0] == 7
    options, position = {}, 4
    while position < len(reply):
        code, size = struct.unpack_from("!HH", reply, position)
        options[code] = reply[position + 4 : position + 4 + size]
        position += 4 + size
    return options
