"""A NAS of no kind known here: who comes from it, and how the browser goes back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from captive_portal.nas import Arrival, News, Refusal, generic
from tests.unit.captive_portal.doors import generic as door
from tests.unit.captive_portal.doors import query


def test_a_visitor_is_read_and_released_with_the_password_by_get() -> None:
    arrival = generic.arrive(query("mac=01-23-45-67-89-AB&ip=10.1.0.7"), door())

    assert isinstance(arrival, Arrival)
    assert (arrival.mac.digits, arrival.ip, arrival.news) == ("0123456789ab", "10.1.0.7", News.NEW)
    url = generic.release(arrival.keys, door(), "gabc", "482 913", "https://portal.example/status?grant=gabc")
    assert url.startswith("http://10.1.0.1/login?")
    assert parse_qs(urlsplit(url).query) == {
        "username": ["gabc"],
        "password": ["482 913"],
        "dst": ["https://portal.example/status?grant=gabc"],
    }


def test_its_words_about_a_failure_come_with_the_visitor() -> None:
    arrival = generic.arrive(query("mac=01-23-45-67-89-AB&error=time-used"), door())

    assert isinstance(arrival, Arrival)
    assert (arrival.news, arrival.says) == (News.FAILED, "time-used")


@pytest.mark.parametrize(("raw", "why"), [("", Refusal.NO_PARAMETERS), ("mac=me", Refusal.BAD_CLIENT)])
def test_without_a_mac_nobody_arrives(raw: str, why: Refusal) -> None:
    assert generic.arrive(query(raw), door()) is why
