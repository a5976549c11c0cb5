"""A door of our own that dies, is reloaded or whose machine reboots drops nobody and loses no octet."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotspot.running import addresses_of
from tests.peers.gateway_house import Museum, dnsmasq, museum, online, tell_gateway
from tests.peers.gateway_place import OUTSIDE, connected, fetched, take_a_lease
from tests.peers.internet import SOURCE
from tests.peers.process import wait_until


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Museum]:
    """Everything but the gateway's process, which each test starts and ends in its own way."""
    with museum(tmp_path) as built:
        yield built


def test_a_download_goes_on_while_the_gateway_is_killed_and_started_again(site: Museum) -> None:
    with site.open(), dnsmasq(site):
        take_a_lease(site.phone, site.folder)
        site.tap()
        with connected(site.phone, OUTSIDE, SOURCE) as source:
            before = _received(source, 1)
            site.kill()
            while_dead = _received(source, 2)
            with site.open():
                after = _received(source, 2)
                assert min(before, while_dead / 2, after / 2) > 500_000, "8 Mbit/s all the time"
                assert fetched(site.phone, OUTSIDE, "example.org").startswith(b"HTTP/1.1 200")
                wait_until(lambda: len(site.sessions()) == 1, "RADIUS has the Start")
                row = site.sessions()[0]
                assert tell_gateway(site, "disconnect", f'User-Name = "{row.user_name}"') == "ACK"
                wait_until(lambda: site.sessions()[0].stopped_at is not None, "RADIUS has the Stop")

    rows = site.sessions()
    assert [row.acct_session_id for row in rows] == [row.acct_session_id], "one stay, from the tap to the end"
    assert rows[0].output_octets > before + while_dead + after


def test_a_new_configuration_is_taken_up_under_way(site: Museum) -> None:
    with site.open() as process, dnsmasq(site):
        take_a_lease(site.phone, site.folder)
        site.tap()
        with connected(site.phone, OUTSIDE, SOURCE) as source:
            _received(source, 0.5)
            town = site.home.sites_file
            announced = site.state / "run" / "gateway.json"

            town.write_text(town.read_text().replace("nases:", "nasses:"))
            process.send_signal(signal.SIGHUP)
            wait_until(lambda: "nasses" in site.log(), "the mistake is told")
            assert announced.exists(), "with the old configuration"
            assert _received(source, 0.5) > 100_000

            town.write_text(
                town.read_text().replace("nasses:", "nases:").replace("lan: lan", "login_port: 4990, lan: lan")
            )
            old = announced.stat().st_mtime_ns
            process.send_signal(signal.SIGHUP)
            wait_until(lambda: announced.exists() and announced.stat().st_mtime_ns > old, "it is open again")
            assert (addresses_of(site.state / "run", "gateway") or {})["door"].endswith(":4990")
            assert _received(source, 1) > 300_000
        assert process.poll() is None, "the same process"


def test_a_reboot_brings_everyone_back_online(site: Museum) -> None:
    with site.open(), dnsmasq(site):
        take_a_lease(site.phone, site.folder)
        site.tap()
        with connected(site.phone, OUTSIDE, SOURCE) as source:
            _received(source, 1)
        assert "1 online" in site.command("status").stdout
        wait_until(lambda: _written(site) > 500_000, "the counters are on disk", 15)
        before = _written(site)
        site.kill()
        _forget_everything(site)
        assert not online(site)

        with site.open():
            assert online(site)
            with connected(site.phone, OUTSIDE, SOURCE) as source:
                more = _received(source, 1)
            row = site.sessions()[0]
            tell_gateway(site, "disconnect", f'User-Name = "{row.user_name}"')
            wait_until(lambda: site.sessions()[0].stopped_at is not None, "RADIUS has the Stop")

    assert len(site.sessions()) == 1
    assert site.sessions()[0].output_octets > before + more


def test_uninstalling_ends_every_stay_and_leaves_nothing_behind(site: Museum) -> None:
    untouched = _kernel(site)
    with site.open():
        with dnsmasq(site):
            take_a_lease(site.phone, site.folder)
        with dnsmasq(site):
            site.tap()
        refused = site.command("uninstall")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "hotspot-gateway is running; stop it first" in refused.stderr
    assert _kernel(site) != untouched, "the kernel holds the door while nobody runs"

    done = site.command("uninstall")

    assert done.stdout == "1 stays have ended, and nothing of the gateway is left in the kernel\n", done.stderr
    assert _kernel(site) == untouched
    row = site.sessions()[0]
    assert row.stop_cause == 6  # Admin-Reset
    left = [path.name for path in (site.state / "gateway").iterdir()]
    assert not {"sessions.json", "leases", "known", "dnsmasq.conf"} & set(left), (
        "no visitor's trace is left on the disk"
    )


def _received(source: socket.socket, seconds: float) -> int:
    """Octets that arrive; a connection that stands still for three seconds is a failure."""
    source.settimeout(3)
    began, received = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        received += len(source.recv(65_536))
    return received


def _written(site: Museum) -> int:
    rows = json.loads((site.state / "gateway" / "sessions.json").read_text())["sessions"]
    return sum(row["kernel"]["down"] + row["earlier"]["down"] for row in rows)


def _forget_everything(site: Museum) -> None:
    """What a reboot does to a kernel's rules, classes, switches and addresses."""
    gate = site.site.gate
    gate.run("nft", "flush", "ruleset")
    for device in ("lan", "wan"):
        gate.run("tc", "qdisc", "del", "dev", device, "root")
        gate.run("sysctl", "-qw", f"net.ipv4.conf.{device}.forwarding=0")
    gate.run("sysctl", "-qw", "net.ipv6.conf.all.forwarding=0")
    gate.ip("addr", "flush", "dev", "lan", "scope", "global")


def _kernel(site: Museum) -> str:
    """All that a gateway may change, as text."""
    gate = site.site.gate
    return "\n".join(
        (
            gate.run("nft", "list", "ruleset"),
            *(gate.run("tc", "qdisc", "show", "dev", device) for device in ("lan", "wan")),
            *(gate.run("tc", "class", "show", "dev", device) for device in ("lan", "wan")),
            *(gate.run("ip", "-br", "addr", "show", "dev", device) for device in ("lan", "wan")),
            gate.run("sysctl", "net.ipv4.conf.lan.forwarding", "net.ipv6.conf.all.forwarding"),
        )
    )
