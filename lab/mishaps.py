"""What goes wrong with the NASes of a rehearsed month: power cuts, silent reboots, cut uplinks, all seeded (pure)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from hotspot.clock import day_bounds
from hotspot.sites.values import OpeningHours

What = Literal["reboot", "silent-reboot", "cut"]
_ALL: tuple[What, ...] = ("reboot", "silent-reboot", "cut")


@dataclass(frozen=True)
class Mishap:
    """``seconds`` is how long an uplink stays cut; the others are over at once."""

    nas: str
    at: float
    what: What
    seconds: float = 0.0


def mishaps(
    nas: str, hours: OpeningHours, days: Sequence[str], zone: ZoneInfo, *, share: float, seed: int
) -> list[Mishap]:
    """On about this share of the days one thing happens, while the site is open, so that it hits somebody."""
    chance = random.Random(f"{seed}/{nas}/mishaps")
    found = []
    for day in days:
        opens = hours.opens_after(day_bounds(day, zone)[0] - 1, zone)
        at = chance.randrange(opens, hours.closes_after(opens, zone))
        what, seconds = chance.choice(_ALL), chance.uniform(600, 3 * 3600)
        if chance.random() < share:
            found.append(Mishap(nas, float(at), what, seconds if what == "cut" else 0.0))
    return found
