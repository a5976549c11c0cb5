"""What each of the last ninety days was for one link or gateway, from its intervals (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hotspot.clock import day_bounds

DAYS = 90
_UP, _DOWN = ("up", "weak"), ("down", "shadow")


@dataclass(frozen=True)
class Interval:
    state: str
    began_at: int
    until: int


@dataclass(frozen=True)
class Day:
    """Seconds; what is in neither is not known."""

    day: date
    up: int = 0
    down: int = 0

    @property
    def share(self) -> float | None:
        """Of the known time; None where nothing is known. Unknown time is neither up nor down."""
        known = self.up + self.down
        return self.up / known if known else None


def days(intervals: Iterable[Interval], now: float, zone: ZoneInfo, count: int = DAYS) -> tuple[Day, ...]:
    """The oldest first, today last."""
    known, today = list(intervals), datetime.fromtimestamp(now, zone).date()
    return tuple(_day(known, today - timedelta(days=back), now, zone) for back in range(count - 1, -1, -1))


def share(found: Sequence[Day]) -> float | None:
    """Of all the known time together."""
    up, down = sum(day.up for day in found), sum(day.down for day in found)
    return up / (up + down) if up + down else None


def _day(intervals: Iterable[Interval], day: date, now: float, zone: ZoneInfo) -> Day:
    first, after = day_bounds(day.isoformat(), zone)
    until = min(after, int(now))
    spent = dict.fromkeys((*_UP, *_DOWN), 0)
    for one in intervals:
        if one.state in spent:
            spent[one.state] += max(0, min(until, one.until) - max(first, one.began_at))
    return Day(day, sum(spent[state] for state in _UP), sum(spent[state] for state in _DOWN))
