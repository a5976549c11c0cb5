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

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = LabClock(path)

    @classmethod
    def start(cls, path: Path, at: float | None, rate: float | None) -> ClockDriver:
        """Begin at a time and a rate; what is not given stays as the file has it, or is the real time at rate 1."""
        if rate is not None:
            checked_rate(rate)
        found = _content(path)
        if found is None or at is not None or rate is not None:
            left_at, left_rate = found or (time.time(), 1.0)
            path.parent.mkdir(parents=True, exist_ok=True)
            set_lab_clock(path, left_at if at is None else at, left_rate if rate is None else rate)
        return cls(path)

    @property
    def rate(self) -> float:
        return float(self.path.read_text().split()[2])

    def step(self, seconds: float) -> None:
        set_lab_clock(self.path, self.clock.now() + seconds, self.rate)

    def run(self, rate: float) -> None:
        set_lab_clock(self.path, self.clock.now(), checked_rate(rate))

    def close(self) -> None:
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


def _content(path: Path) -> tuple[float, float] | None:
    """Virtual time and rate of an earlier rehearsal."""
    try:
        rate = float(path.read_text().split()[2])
        clock = LabClock(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OperatorError(f"HOTSPOT_CLOCK={path} cannot be read ({error}); give another file") from error
    except (ValueError, IndexError, OverflowError) as error:
        raise OperatorError(f"HOTSPOT_CLOCK={path} is not a lab clock; give another file or delete it") from error
    try:
        return clock.now(), rate
    finally:
        clock.close()
