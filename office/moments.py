"""Dates and times as forms send them, in the town's own time (pure)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def moment(text: str, zone: ZoneInfo) -> int | None:
    """``2026-11-24T19:30`` as UTC seconds; None when it is none."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if not 2000 <= read.year <= 2200:
        return None
    return int((read if read.tzinfo else read.replace(tzinfo=zone)).timestamp())


def written(at: float, zone: ZoneInfo) -> str:
    """As a form's field shows it."""
    return datetime.fromtimestamp(at, zone).strftime("%Y-%m-%dT%H:%M")


def words(text: str, longest: int) -> str:
    """What somebody typed into one line, without gaps at its ends or line breaks, cut to what its column holds."""
    return " ".join(text.split())[:longest]
