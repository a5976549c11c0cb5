"""Slopes and steps in daily figures that no single odd day can bend (pure): Theil-Sen, and a step by two medians."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

Point = tuple[float, float]  # day, value


@dataclass(frozen=True)
class Slope:
    """Per day; the true one lies between ``low`` and ``high`` in 99 of 100 cases (Sen's interval by Kendall's tau)."""

    value: float
    low: float
    high: float

    @property
    def is_falling(self) -> bool:
        return self.high < 0


def theil_sen(points: Sequence[Point]) -> Slope | None:
    """The median of the slopes between any two days (Theil 1950, Sen 1968); None under a week of days."""
    slopes = sorted((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(sorted(points), 2) if b[0] > a[0])
    if len(points) < DAYS:
        return None
    n = len(points)
    width = _SURE * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    edge = max(0, int((len(slopes) - width) / 2))
    return Slope(median(slopes), slopes[edge], slopes[-1 - edge])


def detrended(points: Sequence[Point], temperatures: Sequence[float]) -> list[Point]:
    """Without what goes with the cabinet's heat: the slope of the value over the temperature, taken robustly."""
    pairs = [(t, v) for t, (_, v) in zip(temperatures, points, strict=True)]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(pairs, 2) if abs(b[0] - a[0]) >= 1]
    if not slopes:
        return list(points)
    heat, middle = median(slopes), median(temperatures)
    return [(day, value - heat * (t - middle)) for (day, value), t in zip(points, temperatures, strict=True)]


@dataclass(frozen=True)
class Step:
    """From ``day`` on the values lie ``change`` away from before."""

    day: float
    change: float


def step(points: Sequence[Point], least: float) -> Step | None:
    """The one place where the medians before and after differ most; a slope is no step."""
    ordered = sorted(points)
    found: Step | None = None
    for cut in range(_SIDE, len(ordered) - _SIDE + 1):
        before, after = ordered[max(0, cut - _NEAR) : cut], ordered[cut : cut + _NEAR]
        change = median(v for _, v in after) - median(v for _, v in before)
        if abs(change) >= least and (found is None or abs(change) > abs(found.change)):
            found = Step(ordered[cut][0], change)
    return found


_SURE = 2.576  # standard deviations that hold 99 % of a normal distribution
DAYS = 7  # days before a slope is worth a word
_SIDE = 3  # days on either side of a step
_NEAR = 5  # days of which the medians are taken, so that a slow slope does not add up to a step
