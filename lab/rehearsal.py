"""The whole rehearsal: devices that break, NASes that enforce, people who come and go, until somebody says stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from hotspot.clock import Clock
from hotspot.command import OperatorError, Settings
from hotspot.log import event
from hotspot.nas import NAS_KINDS
from hotspot.running import addresses_of, announce, withdraw
from hotspot.sites import Sites
from hotspot.sites.document import Path as KeyPath
from lab import town
from lab.acts import Act, duration, read_act
from lab.agents.agent import needs as snmp_needs
from lab.clock import ClockDriver
from lab.control import Control
from lab.equipment import Equipment
from lab.faults import FaultRefused
from lab.nas.kinds import BOXES
from lab.nas.weather import Weather
from lab.town import Town
from lab.truth import Truth
from lab.world import Address, World

log = logging.getLogger("lab")

_GRACE = 0.4  # real seconds for visits that are half done when the lab stops
_NOWHERE: Address = ("127.0.0.1", 9)


@dataclass(frozen=True)
class Wishes:
    """``people`` is visits a day and site; ``script`` what breaks how many seconds after the start.

    ``loss`` is the share of RADIUS packets that get lost, each way.
    """

    seed: int
    people: float
    loss: float
    devices_only: bool
    script: tuple[tuple[float, Act], ...]


def needs(sites: Sites) -> Iterable[tuple[KeyPath, tuple[str, ...]]]:
    """The secrets that simulated equipment shares with the services."""
    yield from snmp_needs(sites)
    for i, nas in enumerate(sites.nases):
        if nas.kind in BOXES:
            kind = NAS_KINDS[nas.kind]
            yield from ((("nases", i), (kind.secret_name(nas.id, suffix),)) for suffix in ("", *kind.secrets))


def truth_file(settings: Settings) -> Path:
    return settings.state / "lab" / "truth.jsonl"


class Rehearsal:
    """Built inside the running loop; :meth:`run` returns when a signal has come."""

    def __init__(
        self, settings: Settings, sites: Sites, clock: Clock, driver: ClockDriver | None, wishes: Wishes
    ) -> None:
        self._settings, self._driver, self._wishes = settings, driver, wishes
        truth = Truth(truth_file(settings))
        self._world = World(
            sites=sites,
            secrets=settings.secrets,
            clock=clock,
            truth=truth,
            auth=_NOWHERE,
            acct=_NOWHERE,
            weather=Weather(wishes.loss, wishes.loss, random.Random(wishes.seed)),
        )
        self._town = None if wishes.devices_only else Town(self._world)
        self._equipment = Equipment(self._world, wishes.seed, self._trap_target, self._online)
        self._world.reaches = self._equipment.reaches
        self._control = Control({"fault": self._fault, "clock": self._turn_clock, "status": self._status})
        self._stop = asyncio.Event()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        async with contextlib.AsyncExitStack() as closing:
            closing.callback(self._world.truth.close)
            agents = self._start_agents()
            closing.callback(self._equipment.stop)
            control = await self._control.start()
            closing.callback(self._control.stop)
            if self._town is not None and await self._radius_is_there():
                await closing.enter_async_context(self._town.open())
            announce(self._settings.run_folder, "lab", {"control": control, "truth": str(self._world.truth.path)})
            closing.callback(withdraw, self._settings.run_folder, "lab")
            self._say_what_is_simulated(agents)
            await self._live()

    def _start_agents(self) -> int:
        began = self._world.clock.now()
        for delay, act in self._wishes.script:
            self._world.agenda.at(began + delay, partial(self._planned, act))
        try:
            return self._equipment.start()
        except OSError as error:
            raise OperatorError(
                f"the SNMP agents cannot use their addresses: {error.strerror}; does another rehearsal run?"
            ) from error

    async def _radius_is_there(self) -> bool:
        """Wait until RADIUS says where it listens; False when a signal came first."""
        waiting = asyncio.create_task(town.radius_listeners(self._settings))
        await self._stopped_or(waiting)
        if not waiting.done():
            waiting.cancel()
            return False
        self._world.auth, self._world.acct = waiting.result()
        return True

    async def _live(self) -> None:
        """Until a signal, or until the agenda fails, which is a bug and is raised."""
        living = asyncio.create_task(self._people() if self._town else self._devices())
        await self._stopped_or(living)
        await asyncio.wait({living}, timeout=_GRACE)
        if living.cancel():
            await asyncio.wait({living})
        else:
            living.result()

    async def _people(self) -> None:
        assert self._town is not None  # noqa: S101 - _live looked
        await town.live(self._town, self._stop, per_day=self._wishes.people, seed=self._wishes.seed)

    async def _devices(self) -> None:
        await self._world.agenda.live(self._world.clock, self._stop)

    async def _stopped_or(self, task: asyncio.Task[Any]) -> None:
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()

    # --- what the control socket may ask

    def _fault(self, words: list[str]) -> str:
        self._do(read_act(words))
        return f"done: {' '.join(words)}"

    async def _planned(self, act: Act) -> None:
        try:
            self._do(act)
        except FaultRefused as refusal:
            event(log, logging.WARNING, "a planned fault did not happen", why=str(refusal))

    def _do(self, act: Act) -> None:
        """A NAS that loses its power forgets its sessions; one that comes back says so by Accounting-On."""
        self._equipment.do(act)
        box = self._town.boxes.get(act.on) if self._town else None
        if box and act.word in ("kill", "reboot", "revive"):
            box.reboot(announce=act.word != "kill")

    def _turn_clock(self, words: list[str]) -> str:
        if self._driver is None:
            raise FaultRefused("this rehearsal runs on the real clock; start it with HOTSPOT_CLOCK set to a file")
        match words:
            case ["step", text]:
                self._driver.step(duration(text))
            case ["rate", text]:
                self._driver.run(_rate(text))
            case _:
                raise FaultRefused("write clock step 1h, or clock rate 60")
        return f"it is {self._now()}, and an hour takes {_hour_at(self._driver.rate)}"

    def _status(self, _words: list[str]) -> dict[str, Any]:
        nodes = self._equipment.faults.network.nodes
        return {
            "time": self._now(),
            "rate": self._driver.rate if self._driver else 1.0,
            "faults": self._equipment.faults.active(self._world.clock.now()),
            "unreachable": [name for name in nodes if not self._equipment.reaches(name)],
            "online": {site.id: self._online(site.id) for site in self._world.sites.sites},
        }

    def _now(self) -> str:
        zone = self._world.sites.timezone
        return datetime.fromtimestamp(self._world.clock.now(), zone).strftime("%Y-%m-%d %H:%M:%S")

    def _online(self, site: str) -> int:
        return self._town.online(site) if self._town else 0

    def _trap_target(self) -> Address:
        """Where the monitor listens if it has said so, else where it is told to."""
        known = addresses_of(self._settings.run_folder, "monitor") or {}
        host, port = self._settings.listen("HOTSPOT_TRAPS", ":1162")
        if "traps" in known:
            host, _, text = known["traps"].rpartition(":")
            port = int(text)
        return ("127.0.0.1" if host in ("", "0.0.0.0", "[::]", "::") else host), port

    def _say_what_is_simulated(self, agents: int) -> None:
        event(
            log,
            logging.INFO,
            "a rehearsal runs: these devices, NASes and people do not exist, the protocols are real",
            agents=agents,
            nases=len(self._town.boxes) if self._town else 0,
            visits_per_site_and_day=self._wishes.people if self._town else 0,
            lost_packets=self._wishes.loss,
            seed=self._wishes.seed,
            clock=self._now(),
            planned_faults=len(self._wishes.script),
        )


def _rate(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise FaultRefused(f"{text} is not a rate like 1, 60 or 0") from None


def _hour_at(rate: float) -> str:
    return f"{3600 / rate:.0f} real seconds" if rate else "for ever (the clock stands still)"
