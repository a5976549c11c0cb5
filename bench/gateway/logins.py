"""How many visitors a gateway lets in each second: RADIUS asked, session on disk, kernel told, report queued."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.gateway.crowd import Visitor
from bench.gateway.staff import NAME, WORD, Staff, server, staff
from gateway.keeper import Newcomer
from gateway.radius_client import Accept, RadiusClient
from tests.peers.freeradius import FreeRadius
from tests.peers.gateway_place import Site, inside

WANTED = 200  # a second
_IN_FLIGHT = 64


@dataclass(frozen=True)
class Rush:
    """``most`` logins a second, each next one as soon as there is room; ``waits`` of each when WANTED come a second.

    ``let_in`` is the share of the latter that RADIUS answered in time at all.
    """

    most: float
    waits: tuple[float, ...]
    let_in: float


def rush(place: Site, visitors: Sequence[Visitor], folder: Path) -> Rush:
    """The same crowd twice, through a door with nobody inside."""
    folder.mkdir()
    with inside(place.gate), server(folder) as radius:
        with staff(folder / "most", place.place) as door:
            most = asyncio.run(_most(door, radius, visitors))
        with staff(folder / "paced", place.place) as door:
            waits = asyncio.run(_paced(door, radius, visitors))
            let_in = len(door.keeper.sessions) / len(visitors)
    return Rush(most, tuple(waits), let_in)


async def _most(door: Staff, radius: FreeRadius, visitors: Sequence[Visitor]) -> float:
    client, room = door.client(radius), asyncio.Semaphore(_IN_FLIGHT)

    async def one(visitor: Visitor) -> None:
        async with room:
            await _log_in(door, client, visitor)

    begun = time.monotonic()
    await asyncio.gather(*(one(visitor) for visitor in visitors))
    client.close()
    return len(visitors) / (time.monotonic() - begun)


async def _paced(door: Staff, radius: FreeRadius, visitors: Sequence[Visitor]) -> list[float]:
    """Each comes at his time, whoever is still waiting; a wait begins when he was to come."""
    client, begun = door.client(radius), time.monotonic()

    async def one(number: int, visitor: Visitor) -> float:
        due = begun + number / WANTED
        await asyncio.sleep(due - time.monotonic())
        await _log_in(door, client, visitor)
        return time.monotonic() - due

    waits = await asyncio.gather(*(one(number, visitor) for number, visitor in enumerate(visitors)))
    client.close()
    return waits


async def _log_in(door: Staff, client: RadiusClient, visitor: Visitor) -> None:
    answer = await client.authenticate(NAME, WORD, visitor.mac, visitor.address)
    if isinstance(answer, Accept):
        await door.gate.admit(Newcomer(visitor.mac, (visitor.address,), NAME, answer.classes, answer.limits))
