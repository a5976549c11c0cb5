"""What an event will need, from what happened at the last one of its name: the evenings that were too full (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from office.report.crowding import PER_ACCESS_POINT, too_full
from office.report.month import Hour, Place


@dataclass(frozen=True)
class Event:
    """A time of the calendar; ``site`` is empty for every site."""

    label: str
    site: str
    began_at: int
    ends_at: int


@dataclass(frozen=True)
class Lesson:
    """``before`` began the last event of this name; ``hours`` of its were too full; ``busiest`` is their fullest.

    ``access_points`` is how many more would have carried the fullest hour; ``why`` is ``radio``, ``line`` or ``none``.
    """

    label: str
    site: str
    begins_at: int
    before: int
    hours: int
    busiest: int
    access_points: int
    why: str


def same(one: Event, other: Event) -> bool:
    """By name without the year, so that Lebaran 2026 learns from Lebaran 2025, at a site that both touch."""
    names = [
        " ".join(word for word in event.label.casefold().split() if not word.isdecimal()) for event in (one, other)
    ]
    return names[0] == names[1] and (not one.site or not other.site or one.site == other.site)


def last_before(event: Event, calendar: Sequence[Event]) -> Event | None:
    earlier = [known for known in calendar if known.ends_at <= event.began_at and same(known, event)]
    return max(earlier, key=lambda known: known.began_at, default=None)


def lesson(event: Event, before: Event, site: str, hours: Sequence[Hour], place: Place) -> Lesson | None:
    """What one site learns; None when nobody was there the last time."""
    there = [hour for hour in hours if before.began_at - 3600 < hour.start < before.ends_at and hour.client_seconds]
    if not there:
        return None
    full = [hour for hour in there if too_full(hour, place)]
    busiest = max(hour.median_clients for hour in there)
    why = (too_full(max(full, key=lambda hour: hour.median_clients), place) or "none") if full else "none"
    needed = -(-busiest // PER_ACCESS_POINT) - place.access_points
    return Lesson(
        label=event.label,
        site=site,
        begins_at=event.began_at,
        before=before.began_at,
        hours=len(full),
        busiest=busiest,
        access_points=max(0, needed),
        why=why,
    )
