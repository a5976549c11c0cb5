"""A phone that has no IPv4 at all: redirected, let in and counted as any other."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.peers import browser
from tests.peers.gateway_house import NAS, PORTAL_PORT, PORTAL_URL, Museum, dnsmasq, museum, service
from tests.peers.gateway_place import NETWORK6, OUTSIDE, OUTSIDE6, connected, fetched
from tests.peers.internet import PROBES
from tests.peers.opennds import browser_in
from tests.peers.process import wait_until


def settled(built: Museum) -> None:
    """The phone has what the router's advertisement gave it; of that, a kernel leaves the resolver to others."""
    phone = built.phone
    wait_until(lambda: _has_address(built), "the phone made itself an address")
    assert "inet " not in phone.run("ip", "addr", "show", "dev", "wifi")
    Path(f"/etc/netns/{phone.name}/resolv.conf").write_text(f"nameserver {NETWORK6.ip}\n")


def test_a_phone_without_ipv4_visits_as_any_other(tmp_path: Path) -> None:
    with (
        museum(tmp_path, services=("radius",)) as built,
        _portal_in_both_protocols(built),
        built.open(),
        dnsmasq(built),
    ):
        settled(built)
        with pytest.raises(ConnectionRefusedError):
            connected(built.phone, OUTSIDE6, 443)
        with pytest.raises(OSError, match="unreachable"):
            connected(built.phone, OUTSIDE, 80)
        with (
            sync_playwright() as driver,
            browser.chromium(driver, browser_in(built.phone, tmp_path), locale="id-ID") as page,
        ):
            page.goto("http://connectivitycheck.gstatic.com/generate_204")
            assert page.url.startswith(f"{PORTAL_URL}/arrive/{NAS}?")
            page.click("#connect")
            page.wait_for_url(f"{PORTAL_URL}/status*")

        for (host, path), (status, body) in PROBES.items():
            head, _, got = fetched(built.phone, OUTSIDE6, host, path).partition(b"\r\n\r\n")
            assert (head.split()[1], got) == (str(status).encode(), body.encode()), host
        wait_until(lambda: len(built.sessions()) == 1, "RADIUS has the Start")


@contextlib.contextmanager
def _portal_in_both_protocols(built: Museum) -> Iterator[None]:
    listen = {**built.home.environ, "HOTSPOT_PORTAL_LISTEN": f"[::]:{PORTAL_PORT}"}
    with service(replace(built, home=replace(built.home, environ=listen)), "portal"):
        yield


def _has_address(built: Museum) -> bool:
    shown = built.phone.run("ip", "-6", "addr", "show", "dev", "wifi", "scope", "global")
    return "2001:db8:70:" in shown and "tentative" not in shown
