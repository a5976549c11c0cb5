"""The hours of a week by how many were online in them: a heat map over whole weeks (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

HOUR = 3600


@dataclass(frozen=True)
class Cell:
    """The mean number of clients online in this hour of a week; ``part`` is per cent of the fullest hour."""

    clients: float
    part: int


def heat(client_seconds: Mapping[int, int], end: int, zone: ZoneInfo) -> tuple[tuple[Cell, ...], ...]:
    """Seven days, Monday first, of twenty-four hours each; ``client_seconds`` by the UTC second of an hour's beginning.

    Hours are counted from the first that is known: a site of one week is not a quarter as full.
    """
    sums, hours = ([[0.0] * 24 for _ in range(7)] for _ in range(2))
    for start in range(min(client_seconds, default=end), end, HOUR):
        moment = datetime.fromtimestamp(start, zone)
        hours[moment.weekday()][moment.hour] += 1
        sums[moment.weekday()][moment.hour] += client_seconds.get(start, 0) / HOUR
    means = [
        [total / max(number, 1) for total, number in zip(*rows, strict=True)] for rows in zip(sums, hours, strict=True)
    ]
    top = max(max(row) for row in means) or 1.0
    return tuple(tuple(Cell(value, round(value / top * 100)) for value in row) for row in means)
