"""The real monitor between real peers: snmpd answers it, snmptrap pokes it, Prometheus discovers and scrapes it."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.integration.monitor.test_expose import shipped_configuration
from tests.peers.house import House, build
from tests.peers.process import program, wait_until
from tests.peers.prometheus import prometheus
from tests.peers.snmp_agent import COMMUNITY
from tests.peers.snmpd import snmpd

DEVICE = "core-kutoarjo"
LINK_DOWN = ("", "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.2.1.2.2.1.1.1", "i", "1")


@dataclass(frozen=True)
class Watched:
    """A monitor whose one living device is a real snmpd."""

    home: House

    def page(self, path: str) -> str:
        with urlopen(f"http://{self.home.address('monitor', 'monitor')}{path}", timeout=5) as answer:
            return str(answer.read().decode())

    def last_success(self) -> float:
        found = re.search(rf'last_success_timestamp_seconds{{device="{DEVICE}"}} (\S+)', self.page("/metrics"))
        return float(found[1]) if found else 0.0


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    home = build(tmp_path, environ={"HOTSPOT_SNMP_COMMUNITY": COMMUNITY})
    device = home.sites.device[DEVICE]
    assert device.snmp
    with snmpd(tmp_path / "agent", device.address, device.snmp.port), home.service("monitor"):
        town = Watched(home)
        trap(town)  # its first turn may be a minute away
        wait_until(lambda: town.last_success() > 0, f"{DEVICE} is polled", 20)
        yield town


def trap(town: Watched) -> None:
    """As the device itself sends it."""
    source = town.home.sites.device[DEVICE].address
    command = [program("snmptrap", "snmp"), "-v", "2c", "-c", "any", f"--clientaddr={source}"]
    environ = {"MIBS": "", "HOME": str(town.home.state)}
    target = town.home.address("monitor", "traps")
    subprocess.run([*command, target, *LINK_DOWN], check=True, env=environ, capture_output=True)


def quiet(watched: Watched) -> float:
    """When it was last polled, once nobody asks it any more because of the silent devices behind it."""
    for _ in range(8):
        before = watched.last_success()
        time.sleep(2.5)
        if watched.last_success() == before:
            return before
    raise AssertionError("it is polled all the time")


def test_a_trap_has_its_device_polled_at_once(watched: Watched) -> None:
    before = quiet(watched)

    trap(watched)

    wait_until(lambda: watched.last_success() > before, "polled again because of the trap", 10)
    assert 'hotspot_traps_total{result="accepted"} 2.0' in watched.page("/metrics")
    assert f"{DEVICE} (router, Kutoarjo)" in watched.page(f"/explain?device={DEVICE}")


def test_a_real_prometheus_discovers_a_real_agent_through_the_monitor(watched: Watched, tmp_path: Path) -> None:
    port = int(watched.home.address("monitor", "monitor").rpartition(":")[2])
    with prometheus(shipped_configuration(port, tmp_path), tmp_path) as server:
        loopback = f'ifHCInOctets{{instance="{DEVICE}",ifName="lo"}}'
        wait_until(lambda: server.ask(loopback), "the octets of the agent's loopback are in Prometheus", 30)

        (labels,) = (dict(found) for found in server.ask(loopback))
        assert (labels["role"], labels["kecamatan"], labels["ifDescr"]) == ("router", "Kutoarjo", "lo")
        assert server.value(f'sysUpTime{{instance="{DEVICE}"}}')
        wait_until(lambda: server.value(f'hotspot_device_up{{device="{DEVICE}"}}') == 1, "the device is up", 20)


def test_the_monitor_stops_cleanly_within_three_seconds(watched: Watched) -> None:
    process = watched.home.processes["monitor"]
    began = time.monotonic()
    process.terminate()

    assert process.wait(5) == 0
    assert time.monotonic() - began < 3
    assert not (watched.home.state / "run" / "monitor.json").exists()
