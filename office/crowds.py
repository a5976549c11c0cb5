"""How full the sites were at an event, which is what the next one like it is planned by (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hotspot.clock import local_day
from hotspot.sites import Sites
from office.facts import Day
from office.gather.plans import Event

CROWDED = 0.8  # of a site's capacity; from here on more places are advised
ROOM = 0.7  # how full the same crowd should leave a site


@dataclass(frozen=True)
class Crowd:
    """The most clients at once at a site during an event; ``advice`` is how many places more would leave it at ease."""

    site: str
    peak: int
    capacity: int
    day: str

    @property
    def share(self) -> float:
        return self.peak / self.capacity

    @property
    def advice(self) -> int:
        return max(0, round(self.peak / ROOM) - self.capacity) if self.share >= CROWDED else 0


def crowds(event: Event, days: Iterable[Day], sites: Sites) -> list[Crowd]:
    """The fullest day of each site in the event's time, the fullest site first; without figures there is none."""
    first, last = local_day(event.began_at, sites.timezone), local_day(event.ends_at - 1, sites.timezone)
    found: dict[str, Crowd] = {}
    for day in days:
        if not first <= day.day <= last or event.site not in (None, day.site) or day.site not in sites.site:
            continue
        crowd = Crowd(day.site, day.peak, sites.site[day.site].capacity, day.day)
        if crowd.peak > (found[day.site].peak if day.site in found else 0):
            found[day.site] = crowd
    return sorted(found.values(), key=lambda crowd: -crowd.share)
