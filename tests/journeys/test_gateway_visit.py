"""One visit at a door of our own: closed until the tap, open after it, counted to the octet, ended on RADIUS's word."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.peers import browser
from tests.peers.gateway_house import NAS, PORTAL_URL, Museum, opened, tell_gateway
from tests.peers.gateway_place import OUTSIDE, WAN, connected, fetched
from tests.peers.internet import PROBES, SINK, SOURCE
from tests.peers.opennds import browser_in
from tests.peers.process import wait_until

DISCONNECT_SECONDS = 2


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    with opened(tmp_path_factory.mktemp("visit")) as built:
        yield built


def test_before_login_each_systems_check_is_led_to_the_portal(museum: Museum) -> None:
    for host, path in PROBES:
        head = fetched(museum.phone, OUTSIDE, host, path).split(b"\r\n")
        assert head[0] == b"HTTP/1.1 302 Found", host
        assert head[1].startswith(f"Location: {PORTAL_URL}/arrive/{NAS}?mac=".encode()), host
    began = time.monotonic()
    with pytest.raises(ConnectionRefusedError):
        connected(museum.phone, OUTSIDE, 443)
    with pytest.raises(ConnectionRefusedError):
        connected(museum.phone, OUTSIDE, 53)
    assert time.monotonic() - began < 3, "refused, not left waiting"


def test_a_browser_follows_the_check_taps_and_is_on_the_internet(museum: Museum, tmp_path: Path) -> None:
    with (
        sync_playwright() as driver,
        browser.chromium(driver, browser_in(museum.phone, tmp_path), locale="id-ID") as page,
    ):
        page.goto("http://connectivitycheck.gstatic.com/generate_204")
        assert page.url.startswith(f"{PORTAL_URL}/arrive/{NAS}?")
        page.click("#connect")
        page.wait_for_url(f"{PORTAL_URL}/status*")

        page.goto("http://museum.example.org/")
        assert page.title() == "The internet"

    for (host, path), (status, body) in PROBES.items():
        head, _, got = fetched(museum.phone, OUTSIDE, host, path).partition(b"\r\n\r\n")
        assert (head.split()[1], got) == (str(status).encode(), body.encode()), host
    wait_until(lambda: len(museum.sessions()) == 1, "RADIUS has the Start")
    row = museum.sessions()[0]
    assert (row.way, row.site, row.stopped_at) == ("tap", "museum-tosan-aji", None)
    assert row.device_day is not None


def test_the_octets_in_the_database_are_those_that_crossed_the_interface(museum: Museum) -> None:
    """Up is measured behind the gateway, down before it: what a queue dropped has crossed neither."""
    up0, down0 = _used(museum)
    museum.site.internet.run("nft", _counter("input", f"ip saddr {WAN} ip daddr {OUTSIDE}"))
    museum.phone.run("nft", _counter("input", f"ip saddr {OUTSIDE}"))
    with connected(museum.phone, OUTSIDE, SOURCE) as source:
        received = 0
        while received < 3_000_000:
            received += len(source.recv(65_536))
    with connected(museum.phone, OUTSIDE, SINK) as sink:
        sink.sendall(bytes(500_000))
        sink.shutdown(socket.SHUT_WR)
        assert sink.recv(1) == b"", "the other side has read all of it"
    time.sleep(1)  # the last acknowledgements of both
    up1, down1 = _counted(museum.site.internet.run), _counted(museum.phone.run)

    assert tell_gateway(museum, "disconnect", f'Acct-Session-Id = "{museum.sessions()[0].acct_session_id}"') == "ACK"
    wait_until(lambda: museum.sessions()[0].stopped_at is not None, "RADIUS has the Stop")
    row = museum.sessions()[0]

    assert down1 > 3_000_000
    assert up1 > 500_000
    assert (row.input_octets - up0, row.output_octets - down0) == (up1, down1)
    assert row.stop_cause == 6  # Admin-Reset


def test_a_disconnect_ends_established_traffic_within_two_seconds(museum: Museum) -> None:
    museum.tap()
    wait_until(lambda: len(museum.sessions(stopped_at=None)) == 1, "RADIUS has the Start")
    row = museum.sessions(stopped_at=None)[0]
    with connected(museum.phone, OUTSIDE, SOURCE) as source:
        assert source.recv(65_536)
        assert tell_gateway(museum, "disconnect", f'User-Name = "{row.user_name}"') == "ACK"
        began = time.monotonic()
        source.settimeout(0.5)
        with pytest.raises(OSError):
            while time.monotonic() - began < DISCONNECT_SECONDS + 1:
                if not source.recv(65_536):
                    raise ConnectionResetError

    assert time.monotonic() - began < DISCONNECT_SECONDS + 0.5
    assert fetched(museum.phone, OUTSIDE, "museum.example.org").startswith(b"HTTP/1.1 302")
    assert tell_gateway(museum, "disconnect", f'User-Name = "{row.user_name}"') == "NAK Session-Context-Not-Found"


def test_nobodys_address_stands_in_a_log(museum: Museum) -> None:
    logs = "".join(path.read_text() for path in museum.folder.rglob("*.log")).lower()
    mac = museum.sessions()[0].mac
    pairs = [mac[i : i + 2] for i in range(0, 12, 2)]

    assert "the gateway is open" in logs
    assert not [sign for sign in (":", "-", "", "%3a") if sign.join(pairs) in logs]


def _used(museum: Museum) -> tuple[int, int]:
    """Up and down of the one client online, as the operator sees it."""
    words = museum.command("status").stdout.splitlines()[1].split()
    return int(words[4]), int(words[5])


def _counter(hook: str, match: str) -> str:
    return f"""
        add table inet count
        add counter inet count it
        add chain inet count {hook} {{ type filter hook {hook} priority -500; }}
        add rule inet count {hook} {match} counter name it
    """


def _counted(run: object) -> int:
    assert callable(run)
    found = re.search(r"bytes (\d+)", run("nft", "list", "counter", "inet", "count", "it"))
    assert found
    return int(found[1])
