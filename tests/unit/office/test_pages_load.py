"""How full the lines are, and which of the five numbers asks for somebody."""

from __future__ import annotations

import pytest

from hotspot.sites import Sites
from office import alerts, load
from office.facts import Data

HOUR = 3600
SITE = "romansa-kuliner"  # 50 Mbit/s by contract
FULL = 50_000_000 * HOUR // 8  # octets of an hour that fill it


def test_a_line_is_as_full_as_its_busier_direction(sites: Sites) -> None:
    hour = load.load(sites.site[SITE], 0, Data(FULL // 2, FULL // 10))

    assert (hour.bits, hour.part, hour.is_full) == (25_000_000, 50, False)
    assert load.load(sites.site[SITE], 0, Data(0, FULL)).is_full


def test_the_last_day_has_twenty_four_hours_and_its_peak_is_the_latest_of_the_fullest(sites: Sites) -> None:
    moved = {100 * HOUR: Data(FULL), 98 * HOUR: Data(FULL), 76 * HOUR: Data(2 * FULL)}  # the last is a day too old
    loads = load.day(sites.site[SITE], moved, 100 * HOUR)

    assert [one.start for one in loads] == list(range(77 * HOUR, 101 * HOUR, HOUR))
    assert load.peak(loads) == loads[-1]
    assert load.peak(load.day(sites.site[SITE], {}, 100 * HOUR)) is None


def test_a_site_without_a_contract_has_a_speed_and_no_share(sites: Sites) -> None:
    bare = sites.site[SITE].model_copy(update={"line": None})
    hour = load.load(bare, 0, Data(FULL))

    assert (hour.bits, hour.part, hour.is_full) == (50_000_000, None, False)


def test_all_lines_together_and_the_fullest(sites: Sites) -> None:
    lines = sum(site.line or 0 for site in sites.sites)
    found = load.uplinks(sites, {SITE: Data(FULL * 9 // 10), "alun-alun-besar": Data(FULL)})

    assert found.bits == 95_000_000
    assert found.part == pytest.approx(95_000_000 * 100 / lines)
    assert (found.fullest, found.highest) == (sites.site[SITE], 90)
    assert alerts.of_uplinks(found) == "weak"
    assert alerts.of_uplinks(load.uplinks(sites, {})) == "unknown"


def test_silence_is_no_good_news() -> None:
    assert alerts.of_incidents(0, heard=True) == "up"
    assert alerts.of_incidents(0, heard=False) == "unknown"
    assert alerts.of_incidents(1, heard=True) == "down"
    assert alerts.of_way_in(None) == "unknown"


@pytest.mark.parametrize(("left", "word"), [(None, "up"), (13 * HOUR, "up"), (11 * HOUR, "weak"), (-1, "down")])
def test_a_complaint_is_looked_at_before_its_promise_is_broken(left: float | None, word: str) -> None:
    assert alerts.of_complaints(left) == word


def test_a_full_site_is_looked_at() -> None:
    assert alerts.of_clients({"a": (3, 10), "b": (5, 5)}) == "weak"
    assert alerts.of_clients({"a": (3, 10)}) == "up"


def test_the_slowest_five_of_a_hundred_are_left_out() -> None:
    assert alerts.quantile({10: 95, 400: 5}, 0.95) == 10
    assert alerts.quantile({10: 94, 400: 6}, 0.95) == 400
    assert alerts.quantile({}, 0.95) is None
    assert (alerts.of_way_in(60), alerts.of_way_in(61)) == ("up", "weak")
