"""When a site's network was up, down or not known, in its service hours (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hotspot.sites.values import OpeningHours
from hotspot.watched import Kept, Stretch, stretches, together

OUTAGE = 120  # seconds; what is shorter is no outage

Span = tuple[int, int]  # from, up to and not including


class Condition(StrEnum):
    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


# For whoever stands there nothing serves in the shadow of a dead device; announced work is left out as time instead.
_CONDITIONS = {Kept.UP: Condition.UP, Kept.DOWN: Condition.DOWN, Kept.SHADOW: Condition.DOWN}

# What was known of one NAS or link, in the order of time.
History = Sequence[Stretch]


@dataclass(frozen=True)
class Piece:
    """A time in which a site was in one condition."""

    start: int
    end: int
    condition: Condition


def pieces(nases: Sequence[History], start: int, end: int) -> tuple[Piece, ...]:
    """The condition of a site from ``start`` to ``end``: down when one of its NASes is, up when all are."""
    if not nases:
        return (Piece(start, end, Condition.UNKNOWN),)
    whole = together([stretches(history, (), start, end) for history in nases])
    return tuple(Piece(one.start, one.end, _CONDITIONS.get(one.state, Condition.UNKNOWN)) for one in whole)


def service_time(hours: OpeningHours, start: int, end: int, zone: ZoneInfo) -> tuple[Span, ...]:
    """The opening hours of each day from ``start`` to ``end``; those past midnight may come from the day before."""
    return tuple(
        (max(opens, start), min(closes, end))
        for opens, closes in _openings(hours, start, end, zone)
        if max(opens, start) < min(closes, end)
    )


def _openings(hours: OpeningHours, start: int, end: int, zone: ZoneInfo) -> Iterator[Span]:
    day = datetime.fromtimestamp(start, zone).date() - timedelta(days=1)
    past_midnight = timedelta(days=1 if hours.closes <= hours.opens else 0)
    while (opens := datetime.combine(day, hours.opens, zone).timestamp()) < end:
        yield int(opens), int(datetime.combine(day + past_midnight, hours.closes, zone).timestamp())
        day += timedelta(days=1)


def seconds(history: Iterable[Piece], condition: Condition, service: Sequence[Span]) -> int:
    """Seconds of service time in a condition."""
    return sum(_within(piece, service) for piece in history if piece.condition is condition)


def outages(history: Iterable[Piece], service: Sequence[Span]) -> int:
    """Outages with at least two minutes of known down time in the service hours."""
    return len(outage_lengths(history, service))


def outage_lengths(history: Iterable[Piece], service: Sequence[Span]) -> tuple[int, ...]:
    """Seconds of known down time in the service hours, an outage each, shorter ones left out.

    One ends when the site is known to be up again: a monitor that was away meanwhile does not make two of it.
    """
    lengths = [0]
    for piece in history:
        if piece.condition is Condition.DOWN:
            lengths[-1] += _within(piece, service)
        elif piece.condition is Condition.UP and lengths[-1]:
            lengths.append(0)
    return tuple(length for length in lengths if length >= OUTAGE)


def without(service: Sequence[Span], planned: Iterable[Span]) -> tuple[Span, ...]:
    """Service time less the time of announced work."""
    left = list(service)
    for starts, ends in planned:
        left = [
            piece
            for opens, closes in left
            for piece in ((opens, min(closes, starts)), (max(opens, ends), closes))
            if piece[0] < piece[1]
        ]
    return tuple(left)


def _within(piece: Piece, service: Sequence[Span]) -> int:
    return sum(max(0, min(piece.end, closes) - max(piece.start, opens)) for opens, closes in service)
