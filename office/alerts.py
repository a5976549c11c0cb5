"""Whether one of the summary's five numbers asks for somebody: a word that has a colour and a shape (pure)."""

from __future__ import annotations

from collections.abc import Mapping

from office.load import Uplinks
from office.report.crowding import LINE_FULL
from office.town import DOWN, UNKNOWN, UP, WEAK

SLOW = 60  # seconds from the page to the internet; reading and typing are in it
SOON = 12 * 3600  # seconds before the promise of a complaint is broken: when it is escalated too


def of_clients(places: Mapping[str, tuple[int, int]]) -> str:
    """A site that is full sends visitors away."""
    return WEAK if any(clients >= capacity for clients, capacity in places.values()) else UP


def of_uplinks(uplinks: Uplinks) -> str:
    if uplinks.highest is None:
        return UNKNOWN
    return WEAK if uplinks.highest > LINE_FULL else UP


def of_incidents(number: int, *, heard: bool) -> str:
    """Silence of the monitor is no good news."""
    if number:
        return DOWN
    return UP if heard else UNKNOWN


def of_complaints(least_left: float | None) -> str:
    if least_left is None:
        return UP
    return DOWN if least_left < 0 else WEAK if least_left < SOON else UP


def of_way_in(seconds: int | None) -> str:
    if seconds is None:
        return UNKNOWN
    return WEAK if seconds > SLOW else UP


def quantile(counts: Mapping[int, int], part: float) -> int | None:
    """The smallest value that at least ``part`` of all do not exceed; None of nothing."""
    total, seen = sum(counts.values()), 0
    for value, number in sorted(counts.items()):
        seen += number
        if seen >= part * total:
            return value
    return None
