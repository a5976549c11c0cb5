"""Phones of every sort at a door of our own: with two families of addresses, with IPv6 alone, and one that lies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.gateway_house import PORTAL_URL, Museum, online, opened, tell_gateway
from tests.peers.gateway_place import MACS, NETWORK6, OUTSIDE, OUTSIDE6, connected, fetched
from tests.peers.internet import SOURCE
from tests.peers.namespace import Namespace
from tests.peers.process import wait_until

FIRST, SECOND = (mac.replace(":", "") for mac in MACS)


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    with opened(tmp_path_factory.mktemp("phones")) as built:
        yield built


def test_a_phone_with_both_families_is_open_and_counted_in_both_after_one_tap(museum: Museum) -> None:
    phone = museum.phone
    wait_until(lambda: _global6(phone), "the phone makes itself an address")
    assert fetched(phone, OUTSIDE6, "example.org").startswith(b"HTTP/1.1 302"), "closed in IPv6 too"

    museum.tap()

    assert online(museum, phone, OUTSIDE)
    assert online(museum, phone, OUTSIDE6)
    four, six = _download(phone, OUTSIDE, 400_000), _download(phone, OUTSIDE6, 300_000)
    _end(museum, FIRST)
    row = museum.sessions(mac=FIRST)[-1]
    assert row.output_octets > four + six
    with pytest.raises(OSError):
        connected(phone, OUTSIDE6, SOURCE)


def test_a_phone_that_knows_ipv6_alone_gets_online_with_one_tap(museum: Museum) -> None:
    phone = museum.site.phones[1]
    _resolve_by(phone, str(NETWORK6.ip))
    wait_until(lambda: _global6(phone), "the phone makes itself an address")
    assert "inet " not in phone.run("ip", "addr", "show", "dev", "wifi")
    head = fetched(phone, OUTSIDE6, "connectivitycheck.gstatic.com", "/generate_204").split(b"\r\n")
    assert head[0] == b"HTTP/1.1 302 Found"
    assert head[1].startswith(f"Location: {PORTAL_URL}/arrive/".encode())

    museum.tap(phone)

    assert online(museum, phone, OUTSIDE6)
    got = _download(phone, OUTSIDE6, 300_000)
    _end(museum, SECOND)
    assert museum.sessions(mac=SECOND)[-1].output_octets > got
    assert not online(museum, phone, OUTSIDE6)


def test_a_second_station_with_an_online_phones_address_gets_nothing(museum: Museum, tmp_path: Path) -> None:
    honest, liar = museum.site.phones
    museum.tap(honest)
    with connected(honest, OUTSIDE, SOURCE) as source:
        source.settimeout(3)
        assert source.recv(65_536)
        address = honest.run("ip", "-4", "-br", "addr", "show", "dev", "wifi").split()[2]
        liar.ip("link", "set", "wifi", "address", MACS[0])
        liar.ip("addr", "add", address, "dev", "wifi")
        liar.ip("route", "replace", "default", "via", "10.70.7.1")

        with pytest.raises(OSError):
            connected(liar, OUTSIDE, SOURCE, 3)
        began, received = time.monotonic(), 0
        while time.monotonic() - began < 1:
            received += len(source.recv(65_536))

    assert received > 500_000, "the honest phone notices nothing"
    assert online(museum, honest)


def _global6(phone: Namespace) -> bool:
    said = phone.run("ip", "-6", "addr", "show", "dev", "wifi", "scope", "global")
    return "inet6" in said and "tentative" not in said


def _resolve_by(phone: Namespace, server: str) -> None:
    Path(f"/etc/netns/{phone.name}/resolv.conf").write_text(f"nameserver {server}\noptions timeout:2 attempts:2\n")


def _download(phone: Namespace, address: str, octets: int) -> int:
    with connected(phone, address, SOURCE) as source:
        received = 0
        while received < octets:
            received += len(source.recv(65_536))
    return received


def _end(museum: Museum, mac: str) -> None:
    wait_until(lambda: museum.sessions(mac=mac), "RADIUS has the Start")
    session = museum.sessions(mac=mac)[-1].acct_session_id
    assert tell_gateway(museum, "disconnect", f'Acct-Session-Id = "{session}"') == "ACK"
    wait_until(lambda: museum.sessions(mac=mac)[-1].stopped_at is not None, "RADIUS has the Stop")
