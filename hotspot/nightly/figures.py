"""What one local day of one site was, counted from the stays that touch it (pure)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

VISIT_GAP = 30 * 60  # a device that is back sooner is still on the same visit
MINUTE = 60
HOUR = 3600
LONGEST = 8 * 60 + 1  # minutes; what is longer is more often a machine than a visitor, and is counted apart


@dataclass(frozen=True)
class Stay:
    """One session as far as it is known: ``until`` is its Stop or, without one, its last sign of life.

    Open, stale and closed by reboot all end there (hotspot.session.ended_at), so a figure depends on facts alone and
    a day need not be counted again because time went by.
    """

    started_at: int
    until: int
    stopped: bool
    seconds: int
    device_day: str | None
    random_mac: bool | None
    by_itself: bool = False


@dataclass(frozen=True)
class DayFigures:
    """The counted columns of ``site_days``; ``by_itself`` are those that a NAS let in while RADIUS was away."""

    sessions: int = 0
    visits: int = 0
    devices: int = 0
    devices_not_counted: int = 0
    random_macs: int = 0
    unstopped: int = 0
    by_itself: int = 0
    seconds: int = 0
    peak_clients: int = 0
    peak_at: int | None = None


@dataclass(frozen=True)
class HourFigures:
    """One local hour: client seconds of all stays in it, and the median of its sixty full minutes' clients."""

    start: int
    client_seconds: int
    median_clients: int


@dataclass(frozen=True)
class DayDetails:
    """What a day is besides its sums: the lengths of the visits that began on it, and its hours."""

    visit_minutes: tuple[tuple[int, int], ...] = ()
    hours: tuple[HourFigures, ...] = ()


def day_details(stays: Collection[Stay], start: int, end: int) -> DayDetails:
    own = [stay for stay in stays if start <= stay.started_at < end]
    return DayDetails(visit_minutes(visits(own)), hour_figures(stays, start, end))


def day_figures(stays: Collection[Stay], start: int, end: int) -> DayFigures:
    """Count a day from ``start`` to ``end`` (UTC seconds); a stay is counted on the day on which it started.

    Only the peak also looks at stays that came over from the day before.
    """
    own = [stay for stay in stays if start <= stay.started_at < end]
    peak_clients, peak_at = peak(stays, start, end)
    return DayFigures(
        sessions=len(own),
        visits=len(visits(own)),
        devices=len({stay.device_day for stay in own if stay.device_day}),
        devices_not_counted=sum(stay.device_day is None for stay in own),
        random_macs=len({stay.device_day for stay in own if stay.device_day and stay.random_mac}),
        unstopped=sum(not stay.stopped for stay in own),
        by_itself=sum(stay.by_itself for stay in own),
        seconds=sum(stay.seconds for stay in own),
        peak_clients=peak_clients,
        peak_at=peak_at,
    )


def visits(stays: Iterable[Stay]) -> tuple[tuple[int, int], ...]:
    """Stays of one device merged while the gap is shorter than 30 minutes, each visit from its start to its end.

    A stay whose device is not known is a visit of its own: it took place, and nothing says that it belongs to another.
    """
    found: list[tuple[int, int]] = []
    before: str | None = None
    for stay in sorted(stays, key=lambda stay: (stay.device_day or "", stay.started_at)):
        device, until = stay.device_day, max(stay.until, stay.started_at)
        if device and device == before and stay.started_at - found[-1][1] < VISIT_GAP:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((stay.started_at, until))
        before = device
    return tuple(found)


def visit_minutes(visits: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """How many visits lasted how many whole minutes; those over eight hours all as one more than eight hours."""
    return tuple(sorted(Counter(min((ends - starts) // MINUTE, LONGEST) for starts, ends in visits).items()))


def hour_figures(stays: Iterable[Stay], start: int, end: int) -> tuple[HourFigures, ...]:
    """The local hours from ``start`` to ``end`` in which somebody was there."""
    spent: defaultdict[int, int] = defaultdict(int)
    steps: dict[int, int] = {}
    for stay in stays:
        begins, ends = max(stay.started_at, start), min(stay.until, end)
        at = begins
        while at < ends:
            hour = start + (at - start) // HOUR * HOUR
            spent[hour] += min(ends, hour + HOUR) - at
            at = hour + HOUR
        _step(steps, _minute(begins), _minute(ends))
    return _hours(spent, steps)


def _hours(spent: dict[int, int], steps: dict[int, int]) -> tuple[HourFigures, ...]:
    """Walk over the minutes of the hours that had somebody, once, with the number of clients carried along."""
    changes = sorted(steps.items())
    found, at, clients = [], 0, 0
    for hour in sorted(spent):
        samples: list[int] = []
        for minute in range(hour, hour + HOUR, MINUTE):
            while at < len(changes) and changes[at][0] <= minute:
                clients += changes[at][1]
                at += 1
            samples.append(clients)
        found.append(HourFigures(hour, spent[hour], sorted(samples)[(len(samples) - 1) // 2]))
    return tuple(found)


def _step(steps: dict[int, int], first: int, after: int) -> None:
    if first < after:
        steps[first] = steps.get(first, 0) + 1
        steps[after] = steps.get(after, 0) - 1


def peak(stays: Iterable[Stay], start: int, end: int) -> tuple[int, int | None]:
    """The most stays under way at a full minute of the day, and the first such minute.

    A stay is under way from its start up to, not including, its end: who leaves as another comes makes one client.
    """
    steps: dict[int, int] = {}
    for stay in stays:
        first, after = max(_minute(stay.started_at), start), min(_minute(stay.until), end)
        _step(steps, first, after)
    most, when, now = 0, None, 0
    for minute in sorted(steps):
        now += steps[minute]
        if now > most:
            most, when = now, minute
    return most, when


def _minute(at: int) -> int:
    """The first full minute that is not earlier."""
    return -(-at // MINUTE) * MINUTE
