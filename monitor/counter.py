"""How much a counter has grown between two polls (pure): through its wrap, and not through a restart or a new start.

A figure that cannot be told is None and never a guess: rates of petabits come from guesses.
"""

from __future__ import annotations

from dataclasses import dataclass

BITS_32, BITS_64 = 2**32, 2**64
_HUNDREDTHS = 100


@dataclass(frozen=True)
class Sample:
    """``uptime`` is sysUpTime and ``discontinuity`` ifCounterDiscontinuityTime, both in hundredths of a second."""

    value: int
    at: float
    uptime: int | None = None
    discontinuity: int | None = None


def growth(before: Sample, after: Sample, size: int = BITS_64, most: float | None = None) -> int | None:
    """``size``: where the counter begins again. ``most``: what it can grow in a second, if that is known."""
    seconds = after.at - before.at
    if seconds <= 0 or began_anew(before, after):
        return None
    grown = after.value - before.value
    if grown < 0 and size == BITS_32:
        grown += size  # a 32-bit counter wraps; a 64-bit one does not live so long (RFC 2863 section 3.1.6)
    plausible = most is None or grown <= most * seconds * 2  # polls are not taken at the agent's own moment
    return grown if grown >= 0 and plausible else None


def began_anew(before: Sample, after: Sample) -> bool:
    """The agent restarted, or says that its counters did."""
    if before.discontinuity != after.discontinuity:
        return True
    if before.uptime is None or after.uptime is None:
        return False
    passed = (after.at - before.at) * _HUNDREDTHS
    wrapped = before.uptime + passed >= BITS_32 and after.uptime < passed + 60 * _HUNDREDTHS
    return after.uptime < before.uptime and not wrapped


def rate(before: Sample, after: Sample, size: int = BITS_64, most: float | None = None) -> float | None:
    """By the second; by the agent's own clock where it has one, because a poll may wait in a queue."""
    grown = growth(before, after, size, most)
    if grown is None:
        return None
    ticks = (after.uptime or 0) - (before.uptime or 0)
    return grown / (ticks / _HUNDREDTHS if ticks > 0 else after.at - before.at)
