"""The draft of last month's report: made once, on the third day of the next month, by the office's own command.

The hall knows rooms by the names of their commands only. Two days later than the month's end the last late packets
have come; people read the draft, and freeze the month by hand.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from hotspot.clock import local_month, month_bounds
from hotspot.command import OperatorError, Settings
from hotspot.house import options_of
from hotspot.nightly.step import Task
from hotspot.tables import site_days

STEP = "drafts"
COMMAND = ("-m", "office.report")
_MONTH_SETTLES = timedelta(days=2, hours=2)
_PATIENCE = 600  # seconds; then something is wrong and the next hour tries again


def draft(settings: Settings, task: Task) -> str:
    """Write all files of last month into ``<state>/reports/<month>`` unless they are there."""
    month = due_month(task)
    folder = settings.state / "reports" / month if month else None
    if month is None or folder is None or folder.exists():
        return "no draft is due"
    with task.store.reading() as connection:
        known = connection.execute(select(site_days.c.day).where(site_days.c.day.startswith(month + "-")).limit(1))
        if known.first() is None:
            return f"{month} has no figures to draft"
    _write(settings, month, folder)
    return f"{month} is drafted in {folder}"


def due_month(task: Task) -> str | None:
    """Last month, from the third day of this one at two in the morning."""
    start = month_bounds(local_month(task.now, task.zone), task.zone)[0]
    begun = datetime.fromtimestamp(start, task.zone)
    if task.now < (begun + _MONTH_SETTLES).timestamp():
        return None
    return local_month(start - 1, task.zone)


def _write(settings: Settings, month: str, folder: Path) -> None:
    """Into a folder beside it first: a draft is there whole or not at all."""
    making = folder.with_name(f".{month}")
    words = [sys.executable, *COMMAND, "--month", month, "--all", str(making), *options_of(settings)]
    environ = dict(os.environ, HOTSPOT_STATE=str(settings.state))
    if settings.clock_file:
        environ["HOTSPOT_CLOCK"] = str(settings.clock_file)
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=_PATIENCE)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise OperatorError(f"the draft of {month} was not made: {reason}")
    making.rename(folder)
