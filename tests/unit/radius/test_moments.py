"""The quick calendar agrees with the exact one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hotspot.clock import local_day, local_hour, local_month
from radius.moments import moment

ZONES = st.sampled_from(("Asia/Jakarta", "Asia/Jayapura", "Asia/Kathmandu", "America/New_York", "UTC"))


@given(st.integers(1_600_000_000, 2_000_000_000), ZONES)
def test_day_month_and_hour_are_those_of_the_clock(at: int, name: str) -> None:
    zone = ZoneInfo(name)

    assert moment(at, zone) == (local_day(at, zone), local_month(at, zone), local_hour(at, zone))
