"""When a site is full: its week hour by hour, the hours that were too full, and what to do about them (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from office.report.month import Hour, Place, SiteMonth

PER_ACCESS_POINT = 30  # clients of one radio beyond which airtime, not the line, is what lacks
LINE_FULL = 80  # percent of the contracted speed, as the mean of an hour
HOUR = 3600

Week = tuple[tuple[float | None, ...], ...]  # seven days from Monday of 24 hours; None where no such hour was


@dataclass(frozen=True)
class Crowd:
    """A weekday and hours that were too full again and again; ``clients`` is the median of those hours' medians."""

    weekday: int
    first: int
    last: int
    times: int
    clients: int
    why: str  # "radio" or "line"
    access_points: int  # how many more would have been enough


def week(facts: SiteMonth) -> Week:
    """The mean number of clients by weekday and hour, over all such hours of the time that is known."""
    seconds: defaultdict[tuple[int, int], int] = defaultdict(int)
    hours: defaultdict[tuple[int, int], int] = defaultdict(int)
    for start in range(facts.start, facts.until - HOUR + 1, HOUR):
        hours[_slot(start, facts)] += 1
    for hour in facts.hours:
        if hour.start + HOUR <= facts.until:
            seconds[_slot(hour.start, facts)] += hour.client_seconds
    return tuple(tuple(_mean(seconds[day, hour], hours[day, hour]) for hour in range(24)) for day in range(7))


def _mean(seconds: int, hours: int) -> float | None:
    return round(seconds / (hours * HOUR), 2) if hours else None


def _slot(start: int, facts: SiteMonth) -> tuple[int, int]:
    moment = datetime.fromtimestamp(start, facts.zone)
    return moment.weekday(), moment.hour


def too_full(hour: Hour, place: Place) -> str | None:
    """``radio`` beyond 30 clients an access point or beyond the site's capacity, ``line`` beyond 80 % of its speed."""
    limit = PER_ACCESS_POINT * place.access_points or place.capacity
    if limit is not None and hour.median_clients > limit:
        return "radio"
    busiest = max(hour.octets.download, hour.octets.upload)
    if place.speed and busiest * 8 * 100 > place.speed * HOUR * LINE_FULL:
        return "line"
    return None


def saturated(facts: SiteMonth) -> tuple[Hour, ...]:
    return tuple(hour for hour in facts.hours if too_full(hour, facts.place))


def crowds(facts: SiteMonth) -> tuple[Crowd, ...]:
    """Full hours of one weekday that follow each other as one crowd, the fullest first."""
    slots: defaultdict[tuple[int, int, str], list[Hour]] = defaultdict(list)
    for hour in facts.hours:
        if why := too_full(hour, facts.place):
            day, at = _slot(hour.start, facts)
            slots[day, at, why].append(hour)
    found = [_crowd(run, slots, facts.place) for run in _runs(sorted(slots, key=lambda s: (s[0], s[2], s[1])))]
    return tuple(sorted(found, key=lambda crowd: (-crowd.clients * crowd.times, crowd.weekday, crowd.first)))


def _runs(slots: Iterable[tuple[int, int, str]]) -> list[list[tuple[int, int, str]]]:
    runs: list[list[tuple[int, int, str]]] = []
    for slot in slots:
        day, at, why = slot
        if runs and runs[-1][-1] == (day, at - 1, why):
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return runs


def _crowd(run: Sequence[tuple[int, int, str]], slots: dict[tuple[int, int, str], list[Hour]], place: Place) -> Crowd:
    clients = sorted(hour.median_clients for slot in run for hour in slots[slot])
    usual = clients[(len(clients) - 1) // 2]
    enough = -(-usual // PER_ACCESS_POINT)
    return Crowd(
        weekday=run[0][0],
        first=run[0][1],
        last=run[-1][1] + 1,
        times=max(len(slots[slot]) for slot in run),
        clients=usual,
        why=run[0][2],
        access_points=max(1, enough - place.access_points) if run[0][2] == "radio" else 0,
    )
