"""The device half of the rehearsal at work: faults happen here, are written down as the truth, and are trapped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import count

from hotspot.log import event
from lab.acts import Act, apply
from lab.agents import traps
from lab.agents.agent import Agents, community_names
from lab.device import DeviceState, Online, state_of
from lab.faults import Faults
from lab.network import network_of
from lab.seed import share
from lab.world import World

log = logging.getLogger("lab.equipment")

TrapTarget = Callable[[], tuple[str, int]]
_DAY = 86400


class Equipment:
    """Devices, cables and their faults; ``online`` says how many phones are online at a site."""

    def __init__(self, world: World, seed: int, trap_target: TrapTarget, online: Online) -> None:
        self._world, self._trap_target, self._online = world, trap_target, online
        self._requests = count(1)
        network = network_of(world.sites, seed)
        now = world.clock.now()
        self.faults = Faults(network, now, {name: now - _days_up(seed, name) * _DAY for name in network.nodes})
        self.agents = Agents(self.faults, world.clock, world.secrets, online)
        self._last: dict[str, DeviceState] = {}

    def start(self) -> int:
        """Bind all agents; returns their number."""
        self._last = {name: self._state(name, self._world.clock.now()) for name in self.faults.network.nodes}
        return self.agents.start()

    def stop(self) -> None:
        self.agents.stop()

    def reaches(self, node: str) -> bool:
        """Whether a device or NAS is connected to the root now; a NAS beyond a cut hears and says nothing."""
        return self.faults.reaches(node, self._world.clock.now())

    def do(self, act: Act) -> None:
        """Let a fault happen now; FaultRefused leaves everything as it was."""
        at = self._world.clock.now()
        apply(act, self.faults, at)
        self._world.truth.write(at, "fault", **act.facts)
        event(log, logging.INFO, "a fault of the rehearsal", **act.facts)
        if act.word == "reboot":
            self._world.agenda.at(at + act.amount, lambda: self._came_back(act.on))
        self._look()

    async def _came_back(self, name: str) -> None:
        self._world.truth.write(self._world.clock.now(), "fault", fault="booted", device=name)
        self._look()

    def _look(self) -> None:
        """Every device with power notices what changed about itself, and says so if anyone can hear it."""
        at = self._world.clock.now()
        for name, before in self._last.items():
            if not self.faults.has_power(name, at):
                continue
            after = self._last[name] = self._state(name, at)
            if after.boot > before.boot:
                self.agents.restarted(name)
            if self.faults.network.nodes[name].snmp and self.faults.reaches(name, at):
                for trap in traps.traps_between(before, after):
                    self._send(trap)

    def _send(self, trap: traps.Trap) -> None:
        """A trap may get lost, here as anywhere; port 0 means that no monitor has said yet where it listens."""
        community = self._world.secrets.first(*community_names(trap.node))
        datagram = traps.encoded(trap, community, next(self._requests))
        target = self._trap_target()
        try:
            if target[1]:
                traps.send(datagram, self.faults.network.nodes[trap.node].address, target)
        except OSError as error:
            event(log, logging.WARNING, "a trap was lost", device=trap.node, trap=trap.word, why=error.strerror)
        else:
            word = "a trap was sent" if target[1] else "a trap found nobody to hear it"
            event(log, logging.INFO, word, device=trap.node, trap=trap.word, port=trap.subject)

    def _state(self, name: str, at: float) -> DeviceState:
        return state_of(name, self.faults, at, self._online)


def _days_up(seed: int, node: str) -> float:
    """Each device has been running for its own 5 to 150 days when the rehearsal begins."""
    return 5 + 145 * share(seed, "boot", node)
