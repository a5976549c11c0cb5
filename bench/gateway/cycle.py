"""What the interim cycle of a full house costs: counters read in one batch, records built and queued durably."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.gateway.crowd import Visitor
from bench.gateway.staff import LIMITS, NAME, staff
from gateway.keeper import Newcomer
from tests.peers.gateway_place import Site, inside


@dataclass(frozen=True)
class Cost:
    """``cpu`` includes the kernel's tools; ``wall`` is how long the gateway answers nobody else."""

    cpu: float
    wall: float


def cycles(place: Site, visitors: Sequence[Visitor], folder: Path, runs: int) -> list[Cost]:
    """In each run every visitor's interim is due."""
    folder.mkdir()
    found = []
    with inside(place.gate), staff(folder, place.place) as door:
        door.keeper.admit(
            Newcomer(visitor.mac, (visitor.address,), NAME, ("6873313a61",), LIMITS) for visitor in visitors
        )
        for _ in range(runs):
            door.clock.at += LIMITS.interim
            before = len(door.queue)
            cpu, wall = _cpu(), time.monotonic()
            door.keeper.cycle()
            found.append(Cost(_cpu() - cpu, time.monotonic() - wall))
            if len(door.queue) - before != len(visitors):
                raise RuntimeError(f"{len(door.queue) - before} reports of {len(visitors)} visitors")
    return found


def _cpu() -> float:
    """Of this process and of those that it has waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)
