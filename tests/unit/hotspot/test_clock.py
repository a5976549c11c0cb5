"""Time is a value: the lab's clock comes from a file, and days, hours and months are cut where the place cuts them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotspot.clock import (
    LabClock,
    SystemClock,
    day_bounds,
    local_day,
    local_hour,
    local_month,
    month_bounds,
    set_lab_clock,
)
from hotspot.command import OperatorError, Settings

WIB = ZoneInfo("Asia/Jakarta")
MIDNIGHT = int(datetime(2026, 11, 23, 17, 0, tzinfo=UTC).timestamp())  # 24 November 00:00 WIB


def test_a_clock_at_rate_nought_stands_still(tmp_path: Path) -> None:
    set_lab_clock(tmp_path / "clock", 1_780_000_000, 0)
    clock = LabClock(tmp_path / "clock")

    assert clock.now() == clock.now() == 1_780_000_000
    clock.close()


def test_a_reader_that_holds_the_file_sees_each_new_time_at_once(tmp_path: Path) -> None:
    set_lab_clock(tmp_path / "clock", 1_780_000_000, 0)
    clock = LabClock(tmp_path / "clock")
    seen = []
    for step in range(200):
        set_lab_clock(tmp_path / "clock", 1_780_000_000 + step, 0)
        seen.append(clock.now())

    assert seen == [1_780_000_000 + step for step in range(200)]
    clock.close()


def test_a_fast_clock_runs_at_its_rate(tmp_path: Path) -> None:
    set_lab_clock(tmp_path / "clock", 0, 1000)
    clock = LabClock(tmp_path / "clock")
    before, real = clock.now(), time.time()
    time.sleep(0.02)

    assert clock.now() - before == pytest.approx((time.time() - real) * 1000, rel=0.2)
    clock.close()


def test_a_real_installation_refuses_the_labs_clock(tmp_path: Path) -> None:
    set_lab_clock(tmp_path / "clock", 0, 1)
    settings = _settings(tmp_path, tmp_path / "clock")

    with pytest.raises(OperatorError, match="does not say sample: true; a real installation runs on the real clock"):
        settings.clock(sample=False)
    assert settings.clock(sample=True).rehearsal


def test_a_clock_file_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="No such file or directory; start the lab first"):
        _settings(tmp_path, tmp_path / "none").clock(sample=True)


@pytest.mark.parametrize("text", ["", "yesterday\n", "1 2\n", "nan nan nan\n", "inf 0 1\n"])
def test_a_clock_file_without_a_time_is_said_in_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "clock").write_text(text)

    with pytest.raises(OperatorError, match="holds no time of the lab's clock; remove it and start the lab first"):
        _settings(tmp_path, tmp_path / "clock").clock(sample=True)


def test_without_a_clock_file_the_machines_clock_is_used(tmp_path: Path) -> None:
    clock = _settings(tmp_path, None).clock(sample=True)

    assert isinstance(clock, SystemClock)
    assert abs(clock.now() - time.time()) < 1


def _settings(folder: Path, clock_file: Path | None) -> Settings:
    return Settings(Path("sites.yaml"), folder, "sqlite://", clock_file, False, "info", {})


def test_a_second_before_midnight_is_the_old_day_hour_and_month() -> None:
    new_year = int(datetime(2026, 12, 31, 17, 0, tzinfo=UTC).timestamp())

    assert (local_day(MIDNIGHT - 1, WIB), local_day(MIDNIGHT, WIB)) == ("2026-11-23", "2026-11-24")
    assert (local_hour(MIDNIGHT - 1, WIB), local_hour(MIDNIGHT, WIB)) == (MIDNIGHT - 3600, MIDNIGHT)
    assert (local_month(new_year - 1, WIB), local_month(new_year, WIB)) == ("2026-12", "2027-01")


def test_an_hour_begins_on_the_half_where_the_zone_does() -> None:
    india = ZoneInfo("Asia/Kolkata")

    assert local_hour(MIDNIGHT, india) == MIDNIGHT - 1800


def test_bounds_of_days_and_months_meet_without_a_gap() -> None:
    assert day_bounds("2026-11-24", WIB) == (MIDNIGHT, MIDNIGHT + 86400)
    assert month_bounds("2026-11", WIB)[1] == month_bounds("2026-12", WIB)[0]
    assert month_bounds("2026-12", WIB)[1] == month_bounds("2027-01", WIB)[0]


def test_a_day_with_a_changed_clock_has_its_own_length() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start, end = day_bounds("2026-03-29", berlin)

    assert end - start == 23 * 3600
