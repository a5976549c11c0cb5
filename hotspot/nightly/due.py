"""When something has to be gone, and until when it may still be counted (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotspot.clock import day_bounds, local_day, month_bounds

DAY = 86_400
RUN_EVERY = 3600  # what would pass its limit before the next run goes in this one
COMPLAINT_TEXT_KEPT = 365 * DAY
_KEY_HOUR = timedelta(hours=3, minutes=30)
_MONTH_STAYS_OPEN = timedelta(days=5)


def forget_until(now: int, limit: int) -> int:
    """What happened at this time or before is past its limit now or before the next run."""
    return now + RUN_EVERY - limit


def key_ends_at(period: str, zone: ZoneInfo) -> int | None:
    """When the key of ``day-2026-11-24`` or ``month-2026-11`` is destroyed; None for a name of no such form."""
    kind, _, name = period.partition("-")
    try:
        if kind == "day":
            return int((datetime.fromtimestamp(day_bounds(name, zone)[1], zone) + _KEY_HOUR).timestamp())
        return month_closes_at(name, zone) if kind == "month" else None
    except ValueError:
        return None


def month_closes_at(month: str, zone: ZoneInfo) -> int:
    """Five days into the next month: its devices are counted for good and its key ends."""
    following = datetime.fromtimestamp(month_bounds(month, zone)[1], zone)
    return int((following + _MONTH_STAYS_OPEN).timestamp())


def counts_until(day: str, zone: ZoneInfo, kept: int) -> int:
    """The last moment at which a change of a session makes its day be counted again.

    One day before the sessions of the day before are deleted: a later count would miss those that came over midnight.
    """
    start, end = day_bounds(day, zone)
    return max(end, start + kept - DAY)


def delete_before(now: int, zone: ZoneInfo, kept: int) -> int:
    """Sessions that started earlier go, whole local days at a time, so that no day is ever half there."""
    return day_bounds(local_day(now - kept, zone), zone)[0]
