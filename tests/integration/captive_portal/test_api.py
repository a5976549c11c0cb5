"""RFC 8908: what a phone is told, before and after login, and when a person opens the address."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from hotspot.tables import sessions
from tests.integration.captive_portal.conftest import MIKROTIK, Portal, mikrotik
from tests.integration.captive_portal.test_status import began, promised, tapped

ASK = {"Accept": "application/captive+json"}
CAPTIVE = {"captive": True, "user-portal-url": f"http://127.0.0.1:8080/arrive/{MIKROTIK}"}


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
    began(portal, grant)
    return grant


def test_before_login_the_phone_is_captive(portal: Portal) -> None:
    assert asked(portal) == CAPTIVE
    assert asked(portal, "x") == CAPTIVE


def test_online_the_seconds_that_remain_are_told_by_grant_and_by_the_nases_session_id(
    portal: Portal, online: str
) -> None:
    for token in (online, "80c00003"):
        assert asked(portal, token) == CAPTIVE | {"captive": False, "seconds-remaining": 7200}


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
