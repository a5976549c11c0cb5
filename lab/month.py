"""A month of visits in a minute: the clock stands at each event until it is finished, against the real services."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hotspot.clock import day_bounds, local_day, set_lab_clock
from lab.mishaps import mishaps
from lab.town import Town

DRAIN_SECONDS = 900  # virtual time after the last day in which what is still queued is delivered


async def rehearse(
    town: Town,
    clock_file: Path,
    since: float,
    until: float,
    *,
    per_day: float = 4,
    seed: int = 1,
    mean_days_between_mishaps: float | None = 8.0,
    after_day: Callable[[str], None] = lambda _day: None,
) -> None:
    """Live through all local days that begin from ``since`` until ``until``. The town's world must be in a hurry.

    ``after_day`` is called with each day's name when the clock stands at its end (a place for the nightly job).
    """
    world = town.world
    if mean_days_between_mishaps is not None:
        for nas in town.boxes:
            town.endure(mishaps(nas, since, until, seed=seed, mean_days=mean_days_between_mishaps))
    step_to = _setter(clock_file, since)
    step_to(since)
    await town.open()
    day = local_day(since, world.sites.timezone)
    while (bounds := day_bounds(day, world.sites.timezone))[0] < until:
        town.expect_day(day, per_day=per_day, seed=seed, since=since)
        await world.agenda.step(step_to, min(bounds[1], until))
        after_day(day)
        day = local_day(bounds[1], world.sites.timezone)
    await world.agenda.step(step_to, until + DRAIN_SECONDS)
    await town.close()


def _setter(clock_file: Path, since: float) -> Callable[[float], None]:
    """Sets the clock, never backwards."""
    latest = since

    def set_time(at: float) -> None:
        nonlocal latest
        latest = max(latest, at)
        set_lab_clock(clock_file, latest, 0)

    return set_time
