"""The people half of the rehearsal town: a NAS at every site, and phones that come along."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from itertools import count

from hotspot.clock import day_bounds, local_day
from hotspot.command import OperatorError, Settings
from hotspot.running import addresses_of
from lab.crowd import day_of_visits
from lab.mishaps import Mishap
from lab.nas.box import Box
from lab.nas.kinds import BOXES
from lab.phones import Outcome, Phone, Plan, write_arrival
from lab.world import Address, World

_PHONES_A_SITE = 240


class Town:
    """NASes of the kinds that the lab plays, by their id."""

    def __init__(self, world: World) -> None:
        self.world = world
        known = [nas for nas in world.sites.nases if nas.kind in BOXES]
        self.boxes: dict[str, Box] = {nas.id: BOXES[nas.kind](nas, world) for nas in known}
        self._at_site = {box.nas.site: box for box in self.boxes.values()}
        self._turns = {nas: count() for nas in self.boxes}

    @asynccontextmanager
    async def open(self, *, announce: bool = True) -> AsyncIterator[None]:
        """Every NAS with its pages and RADIUS sockets; with ``announce`` each sends Accounting-On.

        At the end everybody is stopped and every NAS says Accounting-Off.
        """
        try:
            for box in self.boxes.values():
                await self._start(box, announce=announce)
            yield
            await asyncio.gather(*(box.stop() for box in self.boxes.values()))
        finally:
            for box in self.boxes.values():
                box.release()

    @staticmethod
    async def _start(box: Box, *, announce: bool) -> None:
        try:
            await box.start(announce=announce)
        except OSError as error:
            host, port = box.web
            raise OperatorError(f"NAS {box.nas.id} cannot use {host}:{port}: {error.strerror}") from error

    def online(self, site: str) -> int:
        """How many phones are online at a site now."""
        box = self._at_site.get(site)
        return sum(client.online is not None for client in box.clients.values()) if box else 0

    def expect(self, plans: Iterable[Plan]) -> None:
        """Put visits on the agenda."""
        for plan in plans:
            if box := self._at_site.get(plan.site):
                self.world.agenda.at(plan.at, partial(self._arrive, plan, box))

    def expect_day(self, day: str, *, per_day: float, seed: int, since: float = 0.0) -> None:
        """The seeded visits of a local day that are not over by ``since``; who should be there comes in at once."""
        for site in self.world.sites.sites:
            for plan in day_of_visits(site, day, self.world.sites.timezone, per_day=per_day, seed=seed):
                if plan.at + plan.seconds > since:
                    self.expect([plan])

    def endure(self, mishaps: Iterable[Mishap]) -> None:
        for mishap in mishaps:
            self.world.agenda.at(mishap.at, partial(self._suffer, mishap))

    async def _suffer(self, mishap: Mishap) -> None:
        box = self.boxes[mishap.nas]
        if mishap.what == "cut":
            box.cut()
            self.world.agenda.at(mishap.at + mishap.seconds, box.restore)
        else:
            box.reboot(announce=mishap.what == "reboot")

    async def _arrive(self, plan: Plan, box: Box) -> None:
        source = self._lease(box)
        if source is None:
            write_arrival(self.world, plan, box, Outcome("no-address"))
        else:
            await Phone(plan, box, source, self.world).visit()

    def _lease(self, box: Box) -> str | None:
        """A free address of the NAS's client network, as its DHCP server gives it; None when there is no more."""
        net = client_net(box.nas.address)
        for _ in range(_PHONES_A_SITE):
            source = f"{net}.{10 + next(self._turns[box.nas.id]) % _PHONES_A_SITE}"
            known = box.clients.get(source)
            if known is None or (known.online is None and not known.busy):
                return source
        return None


def client_net(nas_address: str) -> str:
    """The first three octets of a NAS's clients: 127.66.3.1 serves 127.130.3.x."""
    first, second, third, _ = nas_address.split(".")
    return f"{first}.{(int(second) + 64) % 256}.{third}"


async def live(town: Town, stop: asyncio.Event, *, per_day: float = 120, seed: int = 1) -> None:
    """People come and go at the lab clock's rate until ``stop`` is set; every midnight the next day is planned."""
    world = town.world

    async def plan_day() -> None:
        now = world.clock.now()
        day = local_day(now, world.sites.timezone)
        town.expect_day(day, per_day=per_day, seed=seed, since=now)
        world.agenda.at(day_bounds(day, world.sites.timezone)[1], plan_day)

    await plan_day()
    await world.agenda.live(world.clock, stop)


async def radius_listeners(settings: Settings, patience: float = 30.0) -> tuple[Address, Address]:
    """Where the RADIUS service said that it listens, once it has; both as addresses that a NAS can send to."""
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    while (known := addresses_of(settings.run_folder, "radius")) is None:
        if loop.time() > end:
            raise OperatorError(
                f"no RADIUS service has announced itself in {settings.run_folder}; start hotspot-radius first"
            )
        await asyncio.sleep(0.1)
    return _reachable(known["auth"]), _reachable(known["acct"])


def _reachable(text: str) -> Address:
    host, _, port = text.rpartition(":")
    return ("127.0.0.1" if host in ("", "0.0.0.0", "[::]", "::") else host), int(port)
