"""Driving the lab clock: the file that every service of the rehearsal reads its time from."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hotspot.clock import LabClock, set_lab_clock
from hotspot.command import OperatorError

FASTEST = 3600.0


class ClockDriver:
    """Steps the clock and changes its rate; it never goes back, because no service expects that of time."""

    def __init__(self, path: Path, rate: float) -> None:
        self.path, self.rate = path, rate
        self.clock = LabClock(path)

    @classmethod
    def start(cls, path: Path, at: float | None, rate: float) -> ClockDriver:
        """Begin at a time, or where an earlier rehearsal left the file, or now."""
        if at is None:
            at = _left_at(path) or time.time()
        path.parent.mkdir(parents=True, exist_ok=True)
        set_lab_clock(path, at, rate)
        return cls(path, rate)

    def set(self, at: float) -> None:
        set_lab_clock(self.path, max(at, self.clock.now()), self.rate)

    def step(self, seconds: float) -> None:
        self.set(self.clock.now() + seconds)

    def run(self, rate: float) -> None:
        now = self.clock.now()
        self.rate = checked_rate(rate)
        set_lab_clock(self.path, now, self.rate)

    def close(self) -> None:
        """Hold the clock still, so that the next rehearsal goes on from here."""
        self.run(0)
        self.clock.close()


def checked_rate(rate: float) -> float:
    if not 0 <= rate <= FASTEST:
        raise OperatorError(f"a rate of {rate:g} is not between 0 (stands still) and {FASTEST:g} (an hour a second)")
    return rate


def read_start(text: str, zone: ZoneInfo) -> float:
    """A moment as a person writes it; without an offset it is the place's own time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise OperatorError(f"--start {text}: write it like 2026-10-01T06:00") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def _left_at(path: Path) -> float | None:
    try:
        clock = LabClock(path)
    except OSError:
        return None
    try:
        return clock.now()
    except ValueError as error:
        raise OperatorError(f"HOTSPOT_CLOCK={path} is not a lab clock; give another file or delete it") from error
    finally:
        clock.close()
