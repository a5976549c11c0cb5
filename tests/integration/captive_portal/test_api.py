"""RFC 8908: what a phone is told, before and after login, and when a person opens the address."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import update

from hotspot.tables import sessions
from tests.integration.captive_portal.conftest import MIKROTIK, Portal, coova, mikrotik
from tests.integration.captive_portal.test_status import began, promised, tapped

ASK = {"Accept": "application/captive+json"}
CAPTIVE = {
    "captive": True,
    "user-portal-url": f"http://127.0.0.1:8080/arrive/{MIKROTIK}",
    "venue-info-url": "http://127.0.0.1:8080/venue/alun-alun-besar",
}
ONLINE = CAPTIVE | {"captive": False, "can-extend-session": False}


def asked(portal: Portal, token: str = "", nas: str = MIKROTIK) -> dict[str, object]:
    answer = portal.client.get(f"/api/captive/{nas}{token and '/' + token}", headers=ASK)
    assert answer.headers["Content-Type"] == "application/captive+json"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Vary"] == "Accept"
    assert len(answer.data) <= 4096  # what Android reads
    content: dict[str, object] = json.loads(answer.data)
    return content


@pytest.fixture
def online(portal: Portal) -> str:
    grant = tapped(portal, mikrotik())
    promised(portal, grant)
    began(portal, grant, class_token="hs1:1")
    return grant


def test_before_login_the_phone_is_captive(portal: Portal) -> None:
    assert asked(portal) == CAPTIVE
    assert asked(portal, "x") == CAPTIVE


def test_online_the_seconds_that_remain_are_told_by_grant_and_by_the_nases_session_id(
    portal: Portal, online: str
) -> None:
    for token in (online, "80c00003"):
        assert asked(portal, token) == ONLINE | {"seconds-remaining": 7200}


def test_between_the_accept_and_the_routers_first_report_the_phone_is_free_already(portal: Portal) -> None:
    """An iPhone that is told "captive" now never asks again."""
    grant = tapped(portal, mikrotik())
    promised(portal, grant)
    assert asked(portal, grant) == ONLINE | {"seconds-remaining": 7200}
    portal.clock.at += 61
    assert asked(portal, grant) == CAPTIVE


def test_where_data_ends_the_octets_that_remain_are_told(portal: Portal) -> None:
    house = "gw-pendopo-wabup"
    grant = tapped(portal, coova(nas=house))
    place: dict[str, Any] = {"nas": house, "site": "pendopo-wabup"}
    promised(portal, grant, **place)
    began(portal, grant, class_token="hs1:1", **place)
    said = asked(portal, "80c00003", nas=house)
    assert (said["bytes-remaining"], said["can-extend-session"]) == (3 * 10**9 - 101 * 10**6, True)


def test_after_roaming_the_new_place_says_free_and_the_old_one_captive(portal: Portal, online: str) -> None:
    """At the new place the phone was let in by its MAC: no grant, a session and a promise of its own."""
    now, new = int(portal.clock.at) + 60, "gw-pendopo-bupati"
    with portal.store.writing() as connection:
        connection.execute(update(sessions).values(stopped_at=now))
    portal.clock.at = now
    promised(portal, None, nas=new, site="pendopo-bupati", class_token="hs1:2")
    began(portal, None, nas=new, site="pendopo-bupati", class_token="hs1:2", uid="v", acct_session_id="80c00009")
    assert asked(portal, "80c00009", nas=new)["captive"] is False
    assert asked(portal, "80c00003")["captive"] is True


@pytest.mark.parametrize("token", ["02:11:22:33:44:55", "021122334455", "x" * 4000, "%00", "..%2f.."])
def test_no_mac_and_no_nonsense_is_a_token(portal: Portal, online: str, token: str) -> None:
    answer = portal.client.get(f"/api/captive/{MIKROTIK}/{token}", headers=ASK)
    assert answer.status_code == 404 or answer.json == CAPTIVE


def test_the_session_of_another_nas_is_not_told(portal: Portal, online: str) -> None:
    assert asked(portal, "80c00003", nas="gw-pendopo-bupati")["captive"] is True


def test_after_the_end_the_phone_is_captive_again(portal: Portal, online: str) -> None:
    with portal.store.writing() as connection:
        connection.execute(update(sessions).values(stopped_at=int(portal.clock.at)))
    assert asked(portal, online) == CAPTIVE


def test_a_person_who_opens_the_address_is_sent_to_the_portal(portal: Portal) -> None:
    answer = portal.client.get(f"/api/captive/{MIKROTIK}", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (302, CAPTIVE["user-portal-url"])
    assert answer.headers["Vary"] == "Accept"


def test_an_unknown_nas_is_not_found(portal: Portal) -> None:
    assert portal.client.get("/api/captive/nowhere", headers=ASK).status_code == 404
