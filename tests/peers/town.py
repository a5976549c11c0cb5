"""The lab's NASes and phones against a house's real services, driven from a test."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from hotspot.clock import LabClock, set_lab_clock
from lab.month import rehearse
from lab.nas.weather import Lies, Weather
from lab.town import Town
from lab.truth import Line, Truth, read
from lab.world import World
from tests.peers.house import House


@contextlib.contextmanager
def town(
    house: House, name: str = "truth", weather: Weather | None = None, lies: float = 0.0, *, hurry: bool = True
) -> Iterator[Town]:
    """A town whose NASes are not open yet; its truth is ``<state>/<name>.jsonl``."""
    clock, truth = LabClock(house.clock_file), Truth(truth_file(house, name))
    try:
        yield Town(
            World(
                sites=house.sites,
                secrets=house.secrets,
                clock=clock,
                truth=truth,
                auth=_address(house, "auth"),
                acct=_address(house, "acct"),
                weather=weather or Weather(),
                lies=Lies(lies),
                hurry=hurry,
            )
        )
    finally:
        truth.close()
        clock.close()


def truth_file(house: House, name: str = "truth") -> Path:
    return house.state / f"{name}.jsonl"


async def step(town: Town, house: House, seconds: float) -> None:
    """Live through the next stretch of virtual time, the clock standing at each event."""

    def set_time(at: float) -> None:
        set_lab_clock(house.clock_file, max(at, town.world.clock.now()), 0)

    await town.world.agenda.step(set_time, town.world.clock.now() + seconds)


def live_through(
    house: House,
    days: Sequence[str],
    *,
    per_day: float = 4,
    seed: int = 1,
    mishap_share: float = 0.12,
    weather: Weather | None = None,
    lies: float = 0.0,
    after_day: Callable[[str], Awaitable[None]] | None = None,
) -> list[Line]:
    """Rehearse whole local days and return the truth of them."""
    with town(house, weather=weather, lies=lies) as built:
        asyncio.run(
            rehearse(
                built,
                house.clock_file,
                days,
                per_day=per_day,
                seed=seed,
                mishap_share=mishap_share,
                after_day=after_day,
            )
        )
    return read(truth_file(house))


def _address(house: House, listener: str) -> tuple[str, int]:
    host, _, port = house.address("radius", listener).rpartition(":")
    return host, int(port)
