"""Before login: what a phone may do, by both families, and that everything else is refused at once."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.gateway.conftest import Door, admission, interface, uploading
from tests.peers import gateway_place
from tests.peers.gateway_place import (
    INTERNET,
    LOGIN_PORT,
    NETWORK,
    NETWORK6,
    OUTSIDE,
    OUTSIDE6,
    PHONES,
    PHONES6,
    PORTAL,
    PORTAL6,
    PORTAL_NAME,
    WAN,
    connected,
    fetched,
    inside,
    take_a_lease,
)
from tests.peers.internet import ECHO, PAGE, SOURCE, TLS
from tests.peers.namespace import Namespace
from tests.peers.process import program, running, wait_until

BOTH_FAMILIES = pytest.mark.parametrize("outside", [OUTSIDE, OUTSIDE6])
GATEWAY, GATEWAY6 = str(NETWORK.ip), str(NETWORK6.ip)


def refused_within_a_second(phone: Namespace, address: str, port: int) -> bool:
    start = time.monotonic()
    with pytest.raises(ConnectionRefusedError):
        connected(phone, address, port)
    return time.monotonic() - start < 1


@contextlib.contextmanager
def listening(place: Namespace, address: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with inside(place):
        listener = socket.create_server((address, port), family=family)
    with listener:
        listener.settimeout(5)
        yield listener


@BOTH_FAMILIES
@pytest.mark.parametrize("port", [TLS, 853, SOURCE, 22])
def test_a_connection_to_the_internet_is_reset_at_once(door: Door, outside: str, port: int) -> None:
    assert refused_within_a_second(door.site.phones[0], outside, port)


@pytest.mark.parametrize(("outside", "own"), [(OUTSIDE, GATEWAY), (OUTSIDE6, GATEWAY6)])
def test_every_page_leads_to_the_responder(door: Door, outside: str, own: str) -> None:
    with listening(door.site.gate, own, LOGIN_PORT) as listener:
        for address in (outside, own):
            with connected(door.site.phones[0], address, 80) as phone, listener.accept()[0] as heard:
                phone.sendall(b"GET /generate_204 HTTP/1.1\r\n\r\n")
                assert heard.recv(100).startswith(b"GET /generate_204")
                assert heard.getpeername()[0] in {PHONES[0], PHONES6[0]}


def test_a_datagram_to_the_internet_is_refused_with_a_word(door: Door) -> None:
    for port in (ECHO, 53):
        assert _udp_error(door.site.phones[0], INTERNET, port) == "No route to host"
        assert _udp_error(door.site.phones[1], OUTSIDE6, port) == "Permission denied"
        time.sleep(1)  # a host sends one peer no more than about one such word a second (icmp_ratelimit)


def _udp_error(phone: Namespace, address: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with inside(phone), socket.socket(family, socket.SOCK_DGRAM) as sender:
        sender.settimeout(1)
        sender.connect((address, port))
        sender.send(b"?")
        try:
            sender.recv(100)
        except OSError as error:
            return error.strerror or str(error)
    return "an answer"


@pytest.mark.parametrize("neighbour", [PHONES[1], PHONES6[1]])
def test_a_neighbour_is_refused_before_login_and_after(door: Door, neighbour: str) -> None:
    one, two = door.site.phones
    with listening(two, neighbour, 8000):
        assert refused_within_a_second(one, neighbour, 8000)
        door.admit(admission(0), admission(1))
        assert refused_within_a_second(one, neighbour, 8000)


def test_of_the_gateway_only_its_own_doors_open(door: Door) -> None:
    for address in (GATEWAY, GATEWAY6, WAN):
        with listening(door.site.gate, address, 22):
            assert refused_within_a_second(door.site.phones[0], address, 22)
    for address in (GATEWAY, GATEWAY6):
        door.site.phones[0].allow_ping_sockets()
        door.site.phones[0].run(program("ping", "iputils-ping"), "-c1", "-W2", address)


def test_the_responder_is_not_for_the_world_outside(door: Door) -> None:
    for address in (GATEWAY, GATEWAY6):
        with listening(door.site.gate, address, LOGIN_PORT):
            with connected(door.site.phones[0], address, LOGIN_PORT):
                pass
            assert refused_within_a_second(door.site.internet, address, LOGIN_PORT)


@pytest.mark.parametrize("client", [PHONES[0], PHONES6[0]])
def test_the_internet_cannot_call_a_client(door: Door, client: str) -> None:
    door.admit(admission(0))
    with listening(door.site.phones[0], client, 8000):
        assert refused_within_a_second(door.site.internet, client, 8000)


@pytest.fixture
def served(door: Door, tmp_path: Path) -> Iterator[Door]:
    """The door with names and leases: dnsmasq on the gateway puts the garden's addresses into the sets by itself."""
    config = tmp_path / "gateway.conf"
    sets = "4#inet#hotspot#garden4,6#inet#hotspot#garden6"
    config.write_text(
        f"interface=lan\nbind-interfaces\nno-resolv\nno-hosts\nuser=root\nlog-facility=-\nserver={INTERNET}\n"
        f"dhcp-range=10.70.7.100,10.70.7.120,255.255.252.0,1h\ndhcp-leasefile={tmp_path}/leases\n"
        f"nftset=/{PORTAL_NAME}/{sets}\npid-file={tmp_path}/gateway.pid\n"
    )
    serve = door.site.gate.command(program("dnsmasq", "dnsmasq-base"), "--keep-in-foreground", f"--conf-file={config}")
    log = tmp_path / "gateway-dnsmasq.log"
    with gateway_place.names(door.site.internet, tmp_path), running(serve, log):
        wait_until(lambda: "started" in log.read_text(), f"dnsmasq serves the LAN; see {log}")
        yield door


def test_a_phone_gets_a_lease_asks_a_name_and_opens_the_garden_but_nothing_else(served: Door, tmp_path: Path) -> None:
    phone = served.site.phones[0]
    phone.ip("addr", "flush", "dev", "wifi", "scope", "global")
    take_a_lease(phone, tmp_path)
    assert "10.70.7.1" in phone.run("ip", "addr", "show", "wifi")
    assert refused_within_a_second(phone, PORTAL, TLS)
    assert PORTAL in asked(phone, PORTAL_NAME, GATEWAY)
    connected(phone, PORTAL, TLS).close()
    assert PAGE.encode() in fetched(phone, PORTAL, PORTAL_NAME)
    assert OUTSIDE in asked(phone, "example.org", GATEWAY)
    assert refused_within_a_second(phone, OUTSIDE, TLS)


def test_the_garden_opens_by_ipv6_too(served: Door) -> None:
    phone = served.site.phones[0]
    assert refused_within_a_second(phone, PORTAL6, TLS)
    assert PORTAL6 in asked(phone, PORTAL_NAME, GATEWAY6, kind=28)
    connected(phone, PORTAL6, TLS).close()
    assert PAGE.encode() in fetched(phone, PORTAL6, PORTAL_NAME)


def test_names_are_refused_to_a_tunnel_and_served_to_a_burst(served: Door) -> None:
    answers = sum(bool(asked(served.site.phones[0], f"x{number}.example.org", GATEWAY, 0.02)) for number in range(160))
    assert 100 <= answers <= 130


def asked(phone: Namespace, name: str, server: str, seconds: float = 2, kind: int = 1) -> str:
    """The addresses that a name server gives, or nothing when it says nothing in time."""
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    question = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + labels + b"\x00" + bytes([0, kind, 0, 1])
    with inside(phone), socket.socket(family, socket.SOCK_DGRAM) as asker:
        asker.settimeout(seconds)
        asker.sendto(question, (server, 53))
        try:
            answer = asker.recv(1000)
        except TimeoutError:
            return ""
    size, of = (4, socket.AF_INET) if kind == 1 else (16, socket.AF_INET6)
    return socket.inet_ntop(of, answer[-size:])


def test_the_garden_takes_no_more_than_it_gives(served: Door) -> None:
    phone = served.site.phones[0]
    asked(phone, PORTAL_NAME, GATEWAY)
    with uploading(phone, PORTAL):
        before = interface(served.site.internet, "net", "rx_bytes")
        time.sleep(3)
        octets = interface(served.site.internet, "net", "rx_bytes") - before
    assert 50_000 < octets * 8 / 3 < 4_000_000


def test_a_page_of_the_garden_goes_on_when_its_reader_is_cut(served: Door) -> None:
    phone = served.site.phones[0]
    asked(phone, PORTAL_NAME, GATEWAY)
    served.admit(admission(0))
    with connected(phone, PORTAL, SOURCE) as connection:
        connection.recv(100)
        served.cut(0x10)
        end, octets = time.monotonic() + 2, 0
        while time.monotonic() < end:
            octets += len(connection.recv(65_536))
        assert octets > 50_000


def test_the_garden_is_no_free_ride(served: Door) -> None:
    phone = served.site.phones[0]
    asked(phone, PORTAL_NAME, GATEWAY)
    with connected(phone, PORTAL, SOURCE) as connection:
        end, octets = time.monotonic() + 3, 0
        while time.monotonic() < end:
            octets += len(connection.recv(65_536))
    assert octets * 8 / 3 < 4_000_000  # a first burst, and then 1 Mbit/s
