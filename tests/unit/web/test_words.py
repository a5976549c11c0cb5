"""Times and amounts as the reader writes them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from web.words import amount, clock_time, date_text, zone_name

ZONE = ZoneInfo("Asia/Jakarta")
AT = 1_780_000_000.0


def test_the_clock_is_written_with_a_dot_in_indonesian_and_a_colon_in_english() -> None:
    assert clock_time(AT, ZONE, "id") == "03.26"
    assert clock_time(AT, ZONE, "jv") == "03.26"
    assert clock_time(AT, ZONE, "en") == "03:26"
    assert zone_name(AT, ZONE) == "WIB"


def test_a_date_names_its_month() -> None:
    assert date_text(AT, ZONE, "id") == "29 Mei 2026"
    assert date_text(AT, ZONE, "jv") == "29 Mei 2026"


def test_amounts_use_the_languages_own_comma() -> None:
    assert amount(1_540_000_000, "id") == "1,5 GB"
    assert amount(1_540_000_000, "en") == "1.5 GB"
    assert amount(12_000, "jv") == "12 kB"
    assert amount(7, "id") == "7 B"
