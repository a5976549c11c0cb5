"""What goes wrong with the NASes of a rehearsed month: power cuts, silent reboots, cut uplinks, all seeded (pure)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_DAY = 86400
What = Literal["reboot", "silent-reboot", "cut"]
_ALL: tuple[What, ...] = ("reboot", "silent-reboot", "cut")


@dataclass(frozen=True)
class Mishap:
    """``seconds`` is how long an uplink stays cut; the others are over at once."""

    nas: str
    at: float
    what: What
    seconds: float = 0.0


def mishaps(nas: str, since: float, until: float, *, seed: int, mean_days: float = 8.0) -> Iterator[Mishap]:
    """About one in ``mean_days`` days; the last of them leaves time to recover before the end."""
    chance = random.Random(f"{seed}/{nas}/mishaps")
    at = since + chance.expovariate(1 / (mean_days * _DAY))
    while at < until - _DAY:
        what = chance.choice(_ALL)
        yield Mishap(nas, round(at), what, chance.uniform(600, 3 * 3600) if what == "cut" else 0.0)
        at += chance.expovariate(1 / (mean_days * _DAY))
