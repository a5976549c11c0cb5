"""By which button a visitor agrees: the sentence names the one that is there, in each language."""

from __future__ import annotations

import re
from html import unescape

import pytest

from hotspot.command import Settings
from hotspot.sites import Sites
from hotspot.store import Store
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import mikrotik
from tests.integration.captive_portal.ways.conftest import Place, place_on, with_ways
from tests.peers.provider import Provider

SENTENCES = {"id": "Dengan mengetuk", "en": "By tapping", "jv": "Kanthi menc\u00e8t"}
MAIN = re.compile(r'id="(?:connect|go-on)"[^>]*>([^<]+)<')


def named(place: Place, language: str) -> tuple[str, str]:
    """The main button of the page, and the one that its sentence names."""
    page = unescape(place.client.get(mikrotik() + f"&lang={language}").text)
    button, said = MAIN.search(page), re.search(rf'{SENTENCES[language]} "([^"]+)"', page)
    assert button
    assert said, page
    return button[1], said[1]


@pytest.fixture
def portals(settings: Settings, town: Sites, store: Store, clock: FixedClock, there: Provider) -> dict[str, Place]:
    ways = {"tap": ("tap",), "voucher": ("voucher", "tap"), "otp": ("otp", "code"), "reverse-otp": ("reverse-otp",)}
    return {
        first: place_on(settings, with_ways(town, there.url, *all_of_them), store, clock, there)
        for first, all_of_them in ways.items()
    }


def test_each_first_way_has_its_own_button_and_the_sentence_follows(portals: dict[str, Place]) -> None:
    seen = {first: [named(place, language) for language in SENTENCES] for first, place in portals.items()}
    assert all(button == said for pairs in seen.values() for button, said in pairs)
    english = {first: pairs[1][1] for first, pairs in seen.items()}
    assert english == {
        "tap": "Connect",
        "voucher": "Connect",
        "otp": "Send a code by SMS",
        "reverse-otp": "Log in by sending a message",
    }


def test_who_goes_on_with_a_code_or_was_here_before_is_told_of_that_button(portals: dict[str, Place]) -> None:
    place = portals["otp"]
    place.connect("otp", number="081234567890")
    assert named(place, "en") == ("Go on with my code", "Go on with my code")
    place.connect("otp", code=place.last_code())
    assert named(place, "en") == ("Go on", "Go on")
