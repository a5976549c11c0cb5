"""A month of visits in a minute: the clock stands at each event until it is finished, against the real services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from hotspot.clock import day_bounds, local_day, month_bounds, set_lab_clock
from lab.mishaps import mishaps
from lab.town import Town

DRAIN_SECONDS = 900  # virtual time after the last day in which what is still queued is delivered


async def rehearse(
    town: Town,
    clock_file: Path,
    days: Sequence[str],
    *,
    per_day: float = 4,
    seed: int = 1,
    mishap_share: float = 0.12,
    after_day: Callable[[str], Awaitable[None]] | None = None,
) -> None:
    """Live through local days in their order; the town's world must be in a hurry and its NASes closed.

    ``after_day`` is awaited with each day's name when the clock stands at its end: a place for the nightly job.
    """
    world, zone = town.world, town.world.sites.timezone
    for nas, box in town.boxes.items():
        hours = world.sites.site[box.nas.site].hours.daily
        town.endure(mishaps(nas, hours, days, zone, share=mishap_share, seed=seed))
    step_to = _setter(clock_file, world.clock.now())
    step_to(day_bounds(days[0], zone)[0])
    async with town.open():
        for day in days:
            town.expect_day(day, per_day=per_day, seed=seed)
            await world.agenda.step(step_to, day_bounds(day, zone)[1])
            if after_day is not None:
                await after_day(day)
        await world.agenda.step(step_to, world.clock.now() + DRAIN_SECONDS)


def days_of(month: str, zone: ZoneInfo) -> list[str]:
    """The local days of a month like ``2026-10``."""
    end = month_bounds(month, zone)[1]
    days = [month + "-01"]
    while (following := day_bounds(days[-1], zone)[1]) < end:
        days.append(local_day(following, zone))
    return days


def _setter(clock_file: Path, now: float) -> Callable[[float], None]:
    """Sets the clock, never backwards."""
    latest = now

    def set_time(at: float) -> None:
        nonlocal latest
        latest = max(latest, at)
        set_lab_clock(clock_file, latest, 0)

    return set_time
