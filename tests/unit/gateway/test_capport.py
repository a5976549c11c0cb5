"""RFC 8908: the state of whoever asks, before and after the login, and never the neighbour's."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from gateway.admission import Octets
from gateway.capport import PATH, Addresses, Capport, api_url, state
from gateway.exchange import Answer, Ask
from gateway.responder import Responder, Way
from tests.unit.gateway.visitors import (
    ADDRESS,
    NEIGHBOURS_ADDRESS,
    NOW,
    PHONE,
    PORTAL,
    SECRET,
    Visitors,
    box,
    stay,
)

NAME = "gw-a.wifi.example"
HOME = f"https://{NAME}/"
VENUE = f"{PORTAL}/venue/museum"
URLS = {"user-portal-url": HOME, "venue-info-url": VENUE}
WHERE = Addresses(HOME, VENUE)


def answered(visitors: Visitors, path: str = PATH, accept: str = "*/*", address: str = ADDRESS) -> Answer:
    place = box(name=NAME)
    responder = Responder(place, Way(PORTAL, "gw-a", SECRET), visitors, lambda: NOW)
    return asyncio.run(
        Capport(place, VENUE, responder, visitors, lambda: NOW).answer(Ask("GET", NAME, path, {}, accept), address)
    )


def test_what_dhcp_announces_has_a_name_and_the_default_port() -> None:
    assert api_url(box(name=NAME)) == f"{HOME}captive"
    assert api_url(box()) is None


def test_before_the_login_a_phone_is_captive_and_told_where_to_go() -> None:
    assert state(WHERE, None, NOW) == {"captive": True, **URLS}


def test_after_the_login_it_is_told_the_time_that_is_left() -> None:
    left = {"seconds-remaining": 6999, "can-extend-session": True}
    assert state(WHERE, stay(), NOW + 200.5) == {"captive": False, **URLS, **left}
    assert state(WHERE, stay(), NOW + 9000)["seconds-remaining"] == 0


def test_who_has_no_page_with_the_button_cannot_stay_longer() -> None:
    """Let in by the MAC, or while RADIUS was silent: the portal finds no visit of theirs."""
    for one in (stay(user=PHONE.dashes), replace(stay(), by_radius=False)):
        assert state(WHERE, one, NOW)["can-extend-session"] is False


def test_where_data_is_cut_both_directions_count() -> None:
    used = replace(stay(octets=1000), kernel=Octets(up=300, down=400))

    assert state(WHERE, used, NOW)["bytes-remaining"] == 300
    assert state(WHERE, replace(used, kernel=Octets(up=3000)), NOW)["bytes-remaining"] == 0


def test_each_phone_hears_of_itself_alone() -> None:
    visitors = Visitors(stays={PHONE: stay()})

    assert json.loads(answered(visitors).body)["captive"] is False
    assert json.loads(answered(visitors, address=NEIGHBOURS_ADDRESS).body)["captive"] is True
    assert answered(visitors, address="10.70.7.99").status == 503


def test_a_phone_that_walked_here_is_captive_until_it_was_recognised() -> None:
    """Its MAC is remembered: RADIUS lets it in at its first check, and the next answer says so."""
    here = Visitors()

    assert json.loads(answered(here).body)["captive"] is True
    here.stays[PHONE] = stay(user=PHONE.dashes)
    free = json.loads(answered(here).body)
    assert (free["captive"], free["can-extend-session"], free["venue-info-url"]) == (False, False, VENUE)


def test_the_answer_is_nobody_elses_to_keep() -> None:
    headers = dict(answered(Visitors()).headers)

    assert headers["Content-Type"] == "application/captive+json"
    assert headers["Cache-Control"] == "private, no-store"
    assert len(answered(Visitors()).body) <= 4096  # Android reads no more


def test_a_browser_and_the_way_in_lead_to_the_portal() -> None:
    for answer in (answered(Visitors(), accept="text/html,*/*"), answered(Visitors(), path="/")):
        assert dict(answer.headers)["Location"].startswith(f"{PORTAL}/arrive/gw-a?mac={PHONE.digits}&")
