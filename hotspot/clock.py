"""Time as a value: the real clock, and the rehearsal's clock that a lab drives through a file."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

_WIDTH = 63  # one line of fixed width, so that a reader never sees half of one value and half of another


class Clock(Protocol):
    """What every room asks for the time."""

    rehearsal: bool

    def now(self) -> float:
        """UTC seconds since 1970."""


class SystemClock:
    """The machine's own clock."""

    rehearsal = False

    def now(self) -> float:
        return time.time()


class LabClock:
    """Virtual time from a file of one line: ``<virtual> <real> <rate>``.

    The time is ``virtual + (real now - real) * rate``; a rate of 0 holds it still. Time-outs on the wire do not scale.
    """

    rehearsal = True

    def __init__(self, path: Path) -> None:
        """OSError, ValueError or OverflowError when the file cannot be read as a time."""
        self._handle = os.open(path, os.O_RDONLY)
        try:
            int(self.now())  # no number, or none that is finite
        except (OSError, ValueError, OverflowError):
            os.close(self._handle)
            raise

    def now(self) -> float:
        virtual, real, rate = (float(word) for word in os.pread(self._handle, _WIDTH, 0).split())
        return virtual + (time.time() - real) * rate

    def close(self) -> None:
        os.close(self._handle)


def set_lab_clock(path: Path, virtual: float, rate: float) -> None:
    """Write virtual time into the file in place, so that readers who hold it open see the new value at once."""
    line = f"{virtual:.6f} {time.time():.6f} {rate:.6f}".ljust(_WIDTH) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        os.pwrite(handle, line.encode(), 0)
    finally:
        os.close(handle)


def local_day(at: float, zone: ZoneInfo) -> str:
    """The date at a place, as ``2026-11-24``."""
    return datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d")


def local_month(at: float, zone: ZoneInfo) -> str:
    """The month at a place, as ``2026-11``."""
    return datetime.fromtimestamp(at, zone).strftime("%Y-%m")


def local_hour(at: float, zone: ZoneInfo) -> int:
    """UTC seconds of the start of the place's hour that holds ``at`` (zones may be offset by half hours)."""
    moment = datetime.fromtimestamp(at, zone).replace(minute=0, second=0, microsecond=0)
    return int(moment.timestamp())


def day_bounds(day: str, zone: ZoneInfo) -> tuple[int, int]:
    """UTC seconds of a local day's start and of the next day's start."""
    start = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=zone)
    return int(start.timestamp()), int(_next_day(start).timestamp())


def month_bounds(month: str, zone: ZoneInfo) -> tuple[int, int]:
    """UTC seconds of a local month's start and of the next month's start."""
    start = datetime.strptime(month, "%Y-%m").replace(tzinfo=zone)
    following = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return int(start.timestamp()), int(following.timestamp())


def _next_day(start: datetime) -> datetime:
    return (start + timedelta(days=1)).replace(hour=0, minute=0)
