"""The command with real portal and RADIUS: one town of people, NASes and devices, and what a fault does to all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lab.truth import Line, read
from tests.peers.house import House, house
from tests.peers.netsnmp import ask
from tests.peers.process import wait_until

SITE, NAS, LINK = "alun-alun-besar", "gw-alun-alun-besar", "purworejo"
EVENING = "2026-11-24T17:00:00+07:00"
WL_CLIENTS = "1.3.6.1.4.1.14988.1.1.1.3.1.6"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("town")
    with house(folder, at=EVENING, rate=30) as built, built.service("lab", "--people", "80", "--seed", "3"):
        yield built


def truth(home: House) -> list[Line]:
    return read(home.state / "lab" / "truth.jsonl")


def status(home: House) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(home.command("hotspot-lab", "status").stdout)
    return found


def order(home: House, *words: str) -> None:
    done = home.command("hotspot-lab", *words)
    assert done.returncode == 0, done.stderr


def clients(home: House) -> int:
    """The site's phones as its access points count them."""
    options = ["-v2c", "-c", home.secrets.read("snmp-community").reveal()]
    aps = [device for device in home.sites.devices if device.site == SITE and device.role == "ap"]
    return sum(
        int(count)
        for ap in aps
        if ap.snmp is not None
        for count in ask("snmpbulkwalk", options, f"{ap.address}:{ap.snmp.port}", WL_CLIENTS).values()
    )


def test_access_points_count_the_phones_that_the_real_portal_and_radius_let_in(home: House) -> None:
    wait_until(lambda: status(home)["online"][SITE] >= 5, "five phones are online at the square")
    order(home, "clock", "rate", "0")

    def agree() -> bool:
        return bool(clients(home) == status(home)["online"][SITE])

    wait_until(agree, "the access points and the NAS count the same", 5)


def test_beyond_a_cut_link_nobody_gets_online_and_after_mending_they_do(home: House) -> None:
    order(home, "fault", "cut", LINK)
    assert NAS in status(home)["unreachable"]
    order(home, "clock", "rate", "60")
    seen = len(truth(home))

    def since(outcome: str) -> list[Line]:
        lines = [line for line in truth(home)[seen:] if line["what"] == "arrival" and line["site"] == SITE]
        return [line for line in lines if line["outcome"] == outcome]

    wait_until(lambda: since("away"), "a visitor finds nothing that answers", 30)
    assert not since("online")
    order(home, "fault", "mend", LINK)
    wait_until(lambda: since("online"), "a visitor gets online again", 30)


def test_a_nas_that_reboots_forgets_its_sessions(home: House) -> None:
    wait_until(lambda: status(home)["online"][SITE], "somebody is online at the square", 30)
    order(home, "clock", "rate", "0")
    before, seen = status(home)["online"][SITE], len(truth(home))
    order(home, "fault", "reboot", NAS, "30")

    ends = [line["cause"] for line in truth(home)[seen:] if line["what"] == "end"]
    assert set(ends) == {"power-lost"}
    assert len(ends) >= before  # a login that was under way may have ended well in between
