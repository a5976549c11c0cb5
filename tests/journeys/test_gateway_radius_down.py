"""While RADIUS is silent a site's rule decides at the door, whoever is online stays, and every octet is told later."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers.gateway_house import GATEWAY_NAME, Museum, dnsmasq, museum, online, service
from tests.peers.gateway_place import MACS, NETWORK, OUTSIDE, connected, fetched, take_a_lease
from tests.peers.internet import SOURCE
from tests.peers.namespace import Namespace
from tests.peers.process import wait_until

SILENCE_SECONDS = 25  # in which a visitor's login is tried, and given up
RETURN_SECONDS = 90  # in which a gateway that found nobody tries again
CUT = 600  # seconds on the lab's clock


@dataclass
class Outage:
    """A gateway whose first phone went online before RADIUS died."""

    museum: Museum
    radius: contextlib.ExitStack

    def end(self) -> None:
        self.radius.enter_context(service(self.museum, "radius"))


@contextlib.contextmanager
def outage(tmp_path: Path, rule: str) -> Iterator[Outage]:
    rules = {"radius_down: known": f"radius_down: {rule}"}
    with museum(tmp_path, rules, services=("portal",)) as built, contextlib.ExitStack() as again:
        with service(built, "radius"), contextlib.ExitStack() as opened:
            opened.enter_context(built.open())
            opened.enter_context(dnsmasq(built))
            for phone in built.site.phones:
                take_a_lease(phone, tmp_path)
            built.tap()
            wait_until(lambda: len(built.sessions()) == 1, "RADIUS has the Start")
            again.enter_context(opened.pop_all())
        yield Outage(built, again)


def test_known_devices_come_back_and_nothing_of_ten_minutes_is_lost(tmp_path: Path) -> None:
    with outage(tmp_path, "known") as cut:
        site = cut.museum
        first, second = site.site.phones
        used, count = _down(site), _count_from_now(first)
        began = site.home.now()
        _download(first, 1_000_000)
        site.home.set_time(began + CUT / 2)
        _download(first, 500_000)
        time.sleep(0.5)
        expected = used + _counted(count)
        _leave(first)
        assert "\n0 online" in site.command("status").stdout

        _knock(second)
        _knock(first)
        wait_until(lambda: online(site, first), "the device that RADIUS knew is let in", SILENCE_SECONDS)
        used, count = _down(site), _count_from_now(first)
        _download(first, 700_000)
        site.home.set_time(began + CUT)
        time.sleep(0.5)
        more = used + _counted(count)
        assert site.command("status").stdout.count("  radius_down\n") == 1
        assert not online(site, second), "nobody knew the other"

        cut.end()
        _leave(first)
        wait_until(lambda: _unacknowledged(site) == 0, "every report is acknowledged", RETURN_SECONDS)

    before, after = site.sessions()
    assert (before.output_octets, after.output_octets) == (expected, more)
    assert before.stopped_at - began == pytest.approx(CUT / 2, abs=10), "when it happened, not when it was told"
    assert (before.way, after.way) == ("tap", None)
    assert (before.stop_cause, after.stop_cause) == (1, 1)  # User-Request
    assert after.mac == before.mac == MACS[0].replace(":", "")


def test_an_open_door_lets_strangers_in_and_says_so_later(tmp_path: Path) -> None:
    with outage(tmp_path, "open") as cut:
        site = cut.museum
        second = site.site.phones[1]
        _knock(second)
        wait_until(lambda: online(site, second), "a stranger is let in", SILENCE_SECONDS)
        _download(second, 300_000)
        assert "no RADIUS server answers" in site.log()

        cut.end()
        wait_until(lambda: len(site.sessions()) == 2, "RADIUS hears of it", RETURN_SECONDS)
        assert site.sessions()[1].mac == MACS[1].replace(":", "")
        assert online(site), "and the one who was online has been all the time"


def test_a_closed_door_stays_closed_and_asks_to_try_again(tmp_path: Path) -> None:
    with outage(tmp_path, "closed") as cut:
        site = cut.museum
        second = site.site.phones[1]

        with pytest.raises(AssertionError, match="says=busy"):
            site.tap(second)

        assert not online(site, second)
        assert online(site), "whoever was online stays"


def _knock(phone: Namespace) -> None:
    """A captive check, answered at once with the way to the portal; RADIUS is asked meanwhile."""
    assert fetched(phone, OUTSIDE, "connectivitycheck.gstatic.com", "/generate_204").startswith(b"HTTP/1.1 302 ")


def _leave(phone: Namespace) -> None:
    """By the link of the visit's page, which knows under which grant it goes."""
    here, ask = str(NETWORK.ip), "import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=10).geturl())"
    grant = fetched(phone, here, f"{here}:3990", "/", 3990).decode().partition("&user=")[2].partition("&")[0]
    assert "left=1" in phone.python(ask, f"http://{GATEWAY_NAME}:3990/logout?user={grant}")


def _download(phone: Namespace, octets: int) -> None:
    with connected(phone, OUTSIDE, SOURCE) as source:
        received = 0
        while received < octets:
            received += len(source.recv(65_536))


def _down(site: Museum) -> int:
    """What the one client online has downloaded, as the operator sees it."""
    found = re.search(r"^\w{12} +\S+ +\d+ +\d+ +\d+ +(\d+)  \S+$", site.command("status").stdout, re.MULTILINE)
    assert found
    return int(found[1])


def _unacknowledged(site: Museum) -> int:
    found = re.search(r"(\d+) reports not acknowledged", site.command("status").stdout)
    assert found
    return int(found[1])


def _count_from_now(phone: Namespace) -> Namespace:
    """The phone counts by itself what reaches it from beyond the site."""
    phone.run("nft", "flush ruleset; add table ip count; add counter ip count it")
    phone.run("nft", "add chain ip count input { type filter hook input priority -500; }")
    phone.run("nft", "add rule ip count input ip saddr != 10.70.4.0/22 counter name it")
    return phone


def _counted(phone: Namespace) -> int:
    found = re.search(r"bytes (\d+)", phone.run("nft", "list", "counter", "ip", "count", "it"))
    assert found
    return int(found[1])
