"""A rehearsal's devices at work in this process, on a loopback network of the test's own."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from hotspot.clock import set_lab_clock
from hotspot.secret import SecretSource
from hotspot.sites import Sites
from lab.acts import read_act
from lab.clock import ClockDriver
from lab.equipment import Equipment
from lab.truth import Truth
from lab.world import World
from tests.peers.process import free_port

SECRETS: Mapping[str, str] = {
    "HOTSPOT_SNMP_COMMUNITY": "town-community",
    "HOTSPOT_DEVICE_SW_BRUNO_COMMUNITY": "bruno-alone",
    "HOTSPOT_SNMP_MONITOR_AUTH": "authentication-words",
    "HOTSPOT_SNMP_MONITOR_PRIV": "privacy-words-here",
}
BEGAN = 1_790_000_000.0


def moved(sites: Sites, network: int) -> Sites:
    """The sample town under 127.<network>, so that tests may run beside a rehearsal and each other."""

    def elsewhere(address: str) -> str:
        return address.replace("127.66.", f"127.{network}.")

    return sites.model_copy(
        update={
            "devices": tuple(d.model_copy(update={"address": elsewhere(d.address)}) for d in sites.devices),
            "nases": tuple(n.model_copy(update={"address": elsewhere(n.address)}) for n in sites.nases),
        }
    )


def free_network() -> int:
    """A /16 of loopback above those that tests.peers.house takes, on which no agents listen; tests run side by side."""
    for network in random.SystemRandom().sample(range(128, 250), 122):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
            probe.bind((f"127.{network}.0.1", 10161))
            return network
    pytest.fail("no free piece of loopback for a town")


class Rig:
    """Equipment in a loop of its own thread; the test drives it and asks it from outside."""

    def __init__(self, sites: Sites, folder: Path, trap_port: int, seed: int = 1) -> None:
        self.trap_port = trap_port
        self.online: dict[str, int] = {}
        set_lab_clock(folder / "clock", BEGAN, 0)
        self.clock = ClockDriver(folder / "clock")
        self.truth_file = folder / "truth.jsonl"
        self.truth = Truth(self.truth_file)
        self.world = World(
            sites=sites,
            secrets=SecretSource(folder / "secrets", SECRETS),
            clock=self.clock.clock,
            truth=self.truth,
            auth=("127.0.0.1", 1),
            acct=("127.0.0.1", 1),
        )
        self.equipment = Equipment(self.world, seed, lambda: ("127.0.0.1", trap_port), self.clients)
        self.sites = self.world.sites
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._agenda_stop = asyncio.Event()
        self.agents = self.call(self.equipment.start)
        self._living = asyncio.run_coroutine_threadsafe(
            self.world.agenda.live(self.world.clock, self._agenda_stop), self._loop
        )

    def clients(self, site: str) -> int:
        return self.online.get(site, 0)

    def call(self, work: Callable[[], Any]) -> Any:
        """Run something inside the loop and wait for it."""

        async def job() -> Any:
            return work()

        return asyncio.run_coroutine_threadsafe(job(), self._loop).result(10)

    def do(self, line: str) -> None:
        self.call(lambda: self.equipment.do(read_act(line.split())))

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._agenda_stop.set)
        self._living.result(5)
        self.call(self.equipment.stop)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.truth.close()
        self.clock.close()


@pytest.fixture
def rig(sites: Sites, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(moved(sites, free_network()), tmp_path, free_port(socket.SOCK_DGRAM))
    yield rig
    rig.stop()
