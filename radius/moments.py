"""The local day, month and hour of a moment, looked up once for each quarter of an hour: a batch has few of them."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hotspot.clock import local_day, local_hour

_QUARTER = 900  # seconds; zones differ from UTC by multiples of it, so none of its moments lie in different hours


class Moment(NamedTuple):
    """``2026-11-24``, ``2026-11``, and the UTC second in which the place's hour began."""

    day: str
    month: str
    hour: int


def moment(at: float, zone: ZoneInfo) -> Moment:
    return _of_quarter(int(at) // _QUARTER, zone)


@lru_cache(maxsize=4096)
def _of_quarter(quarter: int, zone: ZoneInfo) -> Moment:
    day = local_day(quarter * _QUARTER, zone)
    return Moment(day, day[:7], local_hour(quarter * _QUARTER, zone))
