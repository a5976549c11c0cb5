"""The funnel: which family a browser is of, what is a phone's own check, sums without anybody in them."""

from __future__ import annotations

import pytest

from captive_portal.funnel import FAMILIES, FOLLOW, Step, Tally, family_of, is_probe

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
WINDOW = "Mozilla/5.0 (Linux; Android 10; M2006C3LG; wv) AppleWebKit/537.36 Version/4.0 Chrome/120.0 Mobile"


@pytest.mark.parametrize(
    ("agent", "family", "probe"),
    [
        ("CaptiveNetworkSupport-443.120.2 wispr", "apple", True),
        ("Microsoft NCSI", "windows", True),
        ("Dalvik/2.1.0 (Linux; U; Android 9)", "android", True),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/60.0.3112.32 Safari/537.36", "linux", True),
        ("", "other", True),
        (IPHONE, "apple", False),
        (WINDOW, "android-window", False),
        ("Mozilla/5.0 (Linux; Android 12) SamsungBrowser/20.0 Chrome/106", "samsung", False),
        ("<script>" * 100, "other", False),
    ],
)
def test_a_browser_has_a_family_and_a_check_is_no_person(agent: str, family: str, probe: bool) -> None:
    assert (family_of(agent), is_probe(agent)) == (family, probe)
    assert family in FAMILIES


def test_sums_are_taken_away_once() -> None:
    tally = Tally()
    tally.count("a", "apple", Step.PAGE)
    tally.count("a", "apple", Step.PAGE, 2)
    assert tally.take() == {("a", "apple", "page"): 3}
    assert tally.take() == {}


def test_nobody_is_followed_for_ever() -> None:
    tally = Tally()
    tally.follow("g1", "a", "apple", 0, 0)
    assert [one.grant_id for one in tally.followed(FOLLOW)] == ["g1"]
    assert tally.followed(FOLLOW + 1) == []


def test_the_seconds_from_the_page_to_the_session_are_counted_once_a_grant() -> None:
    tally = Tally()
    for grant, started_at in (("g1", 1012.4), ("g2", 990.0), ("g3", 99_999.0)):
        tally.follow(grant, "a", "apple", 1005, 1000)
        one = tally.followed(1010)[-1]
        tally.came_in(one, started_at)
        tally.came_in(one, started_at + 60)
    assert tally.take() == {("a", "12", "way-in"): 1, ("a", "0", "way-in"): 1, ("a", "900", "way-in"): 1}
