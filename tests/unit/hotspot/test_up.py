"""A rehearsal begins in the evening, and never before the time that its store has already seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotspot.clock import LabClock, set_lab_clock
from hotspot.up import start_clock

WIB = ZoneInfo("Asia/Jakarta")


def _evening(days: int = 0) -> datetime:
    return datetime.now(WIB).replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=days)


def _starts_at(path: Path) -> datetime:
    start_clock(path, WIB, 0)
    return datetime.fromtimestamp(LabClock(path).now(), WIB)


@pytest.mark.parametrize("held", [None, "no time", "-1 0 0"])
def test_the_first_rehearsal_begins_today_at_five(tmp_path: Path, held: str | None) -> None:
    if held is not None:
        (tmp_path / "clock").write_text(held)

    assert _starts_at(tmp_path / "clock") == _evening()


def test_the_next_one_begins_at_the_first_five_after_the_last_one_ended(tmp_path: Path) -> None:
    for ended, begins in ((_evening() + timedelta(minutes=58), 1), (_evening(3) - timedelta(hours=1), 3)):
        set_lab_clock(tmp_path / "clock", ended.timestamp(), 0)

        assert _starts_at(tmp_path / "clock") == _evening(begins)
