"""Is a site open, and how long: its hours, and the calendar's events that open, close or change it (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from hotspot.sites.values import OpeningHours

_MOST_CHANGES = 32  # looked at before a site is taken to stay as it is


@dataclass(frozen=True, slots=True)
class Event:
    """A row of ``calendar`` as it concerns one site; ``here`` is False for one of the whole town."""

    id: int
    began_at: int
    ends_at: int
    here: bool
    policy: str | None = None
    doors: Literal["open", "closed"] | None = None
    label: str = ""

    def covers(self, at: float) -> bool:
        return self.began_at <= at < self.ends_at

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Of two events at one time a site's own wins, then the later one."""
        return self.here, self.began_at, self.id


@dataclass(frozen=True, slots=True)
class Doors:
    """``until``: UTC seconds of the next closing where it is open, of the next opening where it is closed."""

    are_open: bool
    until: int


def doors(hours: OpeningHours, events: Sequence[Event], at: float, zone: ZoneInfo) -> Doors:
    """Worked out once a second and place: a crowd that comes back asks it for each phone."""
    return _doors(hours, tuple(events), int(at), zone)


@lru_cache(maxsize=1024)
def _doors(hours: OpeningHours, events: Sequence[Event], at: int, zone: ZoneInfo) -> Doors:
    now, moment = _are_open(hours, events, at, zone), at
    for _ in range(_MOST_CHANGES):
        moment = _next_change(hours, events, moment, zone)
        if _are_open(hours, events, moment, zone) != now:
            break
    return Doors(now, moment)


def closing(events: Sequence[Event], at: float) -> Event | None:
    """The event that keeps a site closed, whatever its hours say."""
    running = [event for event in events if event.doors is not None and event.covers(at)]
    top = max(running, key=lambda event: event.rank, default=None)
    return top if top is not None and top.doors == "closed" else None


def policy_at(events: Sequence[Event], at: float) -> str | None:
    """The name of the policy that an event puts in the place of the site's own."""
    running = [event for event in events if event.policy is not None and event.covers(at)]
    return max(running, key=lambda event: event.rank).policy if running else None


def _are_open(hours: OpeningHours, events: Sequence[Event], at: float, zone: ZoneInfo) -> bool:
    running = [event for event in events if event.doors is not None and event.covers(at)]
    if running:
        return max(running, key=lambda event: event.rank).doors == "open"
    return hours.is_open(at, zone)


def _next_change(hours: OpeningHours, events: Sequence[Event], at: int, zone: ZoneInfo) -> int:
    edges = [edge for event in events if event.doors for edge in (event.began_at, event.ends_at) if edge > at]
    return min(hours.opens_after(at, zone), hours.closes_after(at, zone), *edges)
