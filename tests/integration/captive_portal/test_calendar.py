"""What the office has planned, as visitors are told of it: closings, openings, other policies, announced work."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import insert, update

from captive_portal.works import next_of, on_the_way
from hotspot.sites import Sites
from hotspot.tables import calendar, maintenances
from tests.integration.captive_portal.conftest import MORNING, Portal, mikrotik

NOW = int(MORNING)  # 29 May 2026, 10:33 in Purworejo
HOUR = 3600
EARLY = "gw-romansa-kuliner"  # closed at this time


def plan(portal: Portal, **facts: Any) -> None:
    row = {"site": "alun-alun-besar", "label": "Upacara", "began_at": NOW - 60, "ends_at": NOW + HOUR}
    with portal.store.writing() as connection:
        connection.execute(insert(calendar).values(row | {"created_by": "ani", "created_at": 0} | facts))


def announce(portal: Portal, kind: str, subject: str, begin: int = -60, end: int = HOUR) -> None:
    row = {"kind": kind, "subject": subject, "reason": "ganti kabel", "began_at": NOW + begin, "ends_at": NOW + end}
    with portal.store.writing() as connection:
        connection.execute(insert(maintenances).values(row | {"created_by": "ani", "created_at": 0}))


def shown(portal: Portal, nas: str = "gw-alun-alun-besar", language: str = "en") -> str:
    """The words of the page, as it is now."""
    portal.app.lookout._seen = {}
    page = portal.client.get(mikrotik(nas=nas) + f"&lang={language}").text
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_an_event_that_closes_a_place_is_named_with_when_it_opens(portal: Portal) -> None:
    assert "One tap and you are online" in shown(portal)
    plan(portal, doors="closed")
    assert "The Wi-Fi is closed now: Upacara. It opens on 29 May 2026 at 11:33 WIB." in shown(portal)
    assert "One tap and you are online" in shown(portal, "gw-pendopo-bupati")
    refused = portal.client.post("/connect", data={"flow": portal.flow(mikrotik()), "way": "tap", "lang": "en"})
    assert (refused.status_code, "It opens again at 11:33 WIB" in refused.text) == (403, True)


def test_a_closing_of_the_whole_town_closes_every_place_and_the_start_page_says_so(portal: Portal) -> None:
    plan(portal, site=None, label="Nyepi", doors="closed", ends_at=NOW + 20 * HOUR)
    assert "Nyepi. Buka lagi 30 Mei 2026 pukul 06.33 WIB" in shown(portal, language="id")
    assert "Nyepi. Bikak malih" in shown(portal, language="jv")
    page = portal.client.get("/?lang=en").text
    assert (page.count("<br>open<"), page.count("<br>closed<") >= 6) == (0, True)
    assert "(closed)" in portal.client.get("/venue/alun-alun-besar?lang=en").text


def test_an_event_opens_a_place_against_its_hours(portal: Portal) -> None:
    assert "closed now" in shown(portal, EARLY)
    plan(portal, site="romansa-kuliner", doors="open")
    assert "One tap and you are online" in shown(portal, EARLY)
    assert (
        portal.client.post("/connect", data={"flow": portal.flow(mikrotik(nas=EARLY)), "way": "tap"}).status_code == 303
    )


def test_the_policy_of_an_event_is_the_one_that_the_page_offers(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As RADIUS decides by it, too."""
    pendopo = portal.app.sites.policies["pendopo"].model_copy(update={"ways": ("code",)})
    monkeypatch.setitem(portal.app.sites.policies, "pendopo", pendopo)
    assert 'id="return-code"' not in portal.arrive(mikrotik())
    flow = portal.flow(mikrotik())
    plan(portal, policy="pendopo")
    assert "Six letters and digits" in shown(portal)
    assert portal.client.post("/connect", data={"flow": flow, "way": "tap"}).status_code == 403
    with portal.store.writing() as connection:
        connection.execute(update(calendar).values(cancelled_at=NOW))
    assert "One tap and you are online" in shown(portal)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("site", "alun-alun-besar"),
        ("nas", "gw-alun-alun-besar"),
        ("device", "sw-purworejo"),
        ("link", "purworejo"),
        ("device", "core-purworejo"),
    ],
)
def test_work_on_the_place_or_on_its_way_is_told_with_its_end(portal: Portal, kind: str, subject: str) -> None:
    announce(portal, kind, subject)
    words = shown(portal)
    assert "Announced work on the network here until 11:33 WIB" in words
    assert "Come back after that" in words
    assert "ganti kabel" not in words  # what technicians write to each other
    assert "One tap" in words


def test_work_to_come_is_told_two_hours_before_and_others_work_never(portal: Portal) -> None:
    announce(portal, "link", "kutoarjo")
    announce(portal, "site", "alun-alun-besar", 3 * HOUR, 4 * HOUR)
    assert "announced" not in shown(portal).lower()
    announce(portal, "nas", "gw-alun-alun-besar", HOUR, 2 * HOUR)
    assert "Work on the network is announced here from 11:33 to 12:33 WIB" in shown(portal)
    with portal.store.writing() as connection:
        connection.execute(update(maintenances).values(cancelled_at=NOW))
    assert "announced" not in shown(portal).lower()


def test_of_several_works_the_one_that_lasts_longest_is_told_and_else_the_next(sites: Sites) -> None:
    touched = on_the_way(sites, "alun-alun-besar")
    works = [("site", "alun-alun-besar", 0, 50), ("link", "purworejo", 5, 90), ("site", "alun-alun-besar", 60, 200)]
    assert next_of(works, touched, 10) == next_of(works[1:2], touched, 10)
    later = next_of(works, touched, -1)
    assert later is not None
    assert (later.began, later.begins_at) == (False, 0)
    assert next_of([("link", "grabag", 0, 50)], touched, 10) is None
