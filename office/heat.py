"""The hours of a week by how much was used in them: a heat map over whole weeks (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Cell:
    """Octets of this hour in a mean week; ``part`` is per cent of the fullest hour."""

    octets: float
    part: int


def heat(octets: Mapping[int, int], weeks: int, zone: ZoneInfo) -> tuple[tuple[Cell, ...], ...]:
    """Seven days, Monday first, of twenty-four hours each; ``octets`` by the UTC second at which an hour begins."""
    sums = [[0.0] * 24 for _ in range(7)]
    for hour, number in octets.items():
        moment = datetime.fromtimestamp(hour, zone)
        sums[moment.weekday()][moment.hour] += number / max(weeks, 1)
    top = max(max(row) for row in sums) or 1.0
    return tuple(tuple(Cell(value, round(value / top * 100)) for value in row) for row in sums)
