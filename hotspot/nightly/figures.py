"""What one local day of one site was, counted from the stays that touch it (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

VISIT_GAP = 30 * 60  # a device that is back sooner is still on the same visit
MINUTE = 60


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


@dataclass(frozen=True)
class DayFigures:
    """The counted columns of ``site_days``."""

    sessions: int = 0
    visits: int = 0
    devices: int = 0
    devices_not_counted: int = 0
    random_macs: int = 0
    unstopped: int = 0
    seconds: int = 0
    peak_clients: int = 0
    peak_at: int | None = None


def day_figures(stays: Collection[Stay], start: int, end: int) -> DayFigures:
    """Count a day from ``start`` to ``end`` (UTC seconds); a stay is counted on the day on which it started.

    Only the peak also looks at stays that came over from the day before.
    """
    own = [stay for stay in stays if start <= stay.started_at < end]
    peak_clients, peak_at = peak(stays, start, end)
    return DayFigures(
        sessions=len(own),
        visits=visits(own),
        devices=len({stay.device_day for stay in own if stay.device_day}),
        devices_not_counted=sum(stay.device_day is None for stay in own),
        random_macs=len({stay.device_day for stay in own if stay.device_day and stay.random_mac}),
        unstopped=sum(not stay.stopped for stay in own),
        seconds=sum(stay.seconds for stay in own),
        peak_clients=peak_clients,
        peak_at=peak_at,
    )


def visits(stays: Iterable[Stay]) -> int:
    """Stays of one device merged while the gap is shorter than 30 minutes.

    A stay whose device is not known is a visit of its own: it took place, and nothing says that it belongs to another.
    """
    by_device = sorted(stays, key=lambda stay: (stay.device_day or "", stay.started_at))
    return sum(
        _merged(list(group)) if device else len(list(group))
        for device, group in groupby(by_device, key=lambda stay: stay.device_day)
    )


def _merged(stays: list[Stay]) -> int:
    """Visits among one device's stays, which come in the order of their starts."""
    count, until = 0, None
    for stay in stays:
        if until is None or stay.started_at - until >= VISIT_GAP:
            count += 1
        until = max(stay.until, until or 0)
    return count


def peak(stays: Iterable[Stay], start: int, end: int) -> tuple[int, int | None]:
    """The most stays under way at a full minute of the day, and the first such minute.

    A stay is under way from its start up to, not including, its end: who leaves as another comes makes one client.
    """
    steps: dict[int, int] = {}
    for stay in stays:
        first, after = max(_minute(stay.started_at), start), min(_minute(stay.until), end)
        if first < after:
            steps[first] = steps.get(first, 0) + 1
            steps[after] = steps.get(after, 0) - 1
    most, when, now = 0, None, 0
    for minute in sorted(steps):
        now += steps[minute]
        if now > most:
            most, when = now, minute
    return most, when


def _minute(at: int) -> int:
    """The first full minute that is not earlier."""
    return -(-at // MINUTE) * MINUTE
