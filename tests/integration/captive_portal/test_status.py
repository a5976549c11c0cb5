"""/status, found by the grant alone, true at each step of a visit."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from hotspot.tables import calendar, grants, nas_facts, reservations, sessions, wishes
from tests.integration.captive_portal.conftest import COOVA, MIKROTIK, MORNING, Portal, coova, mikrotik, nds

NOW = int(MORNING)
PLACE = {"nas": MIKROTIK, "site": "alun-alun-besar", "mac": "021122334455", "way": "tap"}


def tapped(portal: Portal, address: str) -> str:
    portal.tap(portal.flow(address))
    with portal.store.reading() as connection:
        return str(connection.execute(select(grants.c.id)).scalar_one())


@pytest.fixture
def grant(portal: Portal) -> str:
    return tapped(portal, mikrotik())


def promised(portal: Portal, grant: str | None, seconds: int = 7200, **more: object) -> None:
    row = {"class_token": "hs1:1", "grant_id": grant, "reserved_at": NOW, "ends_at": NOW + seconds, "interim": 300}
    with portal.store.writing() as connection:
        connection.execute(insert(reservations).values(row | {"device_day": "d" * 20} | PLACE | more))


def began(portal: Portal, grant: str | None, **more: object) -> None:
    facts = {
        "uid": "u", "generation": 0, "acct_session_id": "80c00003", "grant_id": grant, "device_day": "d" * 20,
        "started_at": NOW, "last_seen_at": NOW, "seconds": 600, "input_octets": 10**6, "output_octets": 10**8,
        "interim": 300, "counted_input": 0, "counted_output": 0, "first_received_at": NOW, "changed_at": NOW,
    }  # fmt: skip
    with portal.store.writing() as connection:
        connection.execute(insert(sessions).values(facts | PLACE | more))


def page(portal: Portal, grant: str, more: str = "") -> str:
    return portal.client.get(f"/status?grant={grant}&lang=en{more}").text


def test_before_the_router_asked_the_page_waits_and_looks_again(portal: Portal, grant: str) -> None:
    answer = portal.client.get(f"/status?grant={grant}&lang=en")
    assert 'id="waiting"' in answer.text
    assert answer.headers["Refresh"] == f"3; url=/status?grant={grant}&lang=en"
    assert f'href="/status?grant={grant}&amp;lang=en"' in answer.text  # and by hand


def test_online_it_says_until_when_and_what_is_left(portal: Portal, grant: str) -> None:
    promised(portal, grant)
    began(portal, grant)
    text = page(portal, grant)
    assert 'id="online"' in text
    assert "Until 12:33 WIB" in text
    assert re.search(r"Time left</dt><dd>2 hours", text)
    assert re.search(r"Data used now</dt><dd>101 MB", text)
    assert re.search(r"Data left today</dt><dd>1.9 GB", text)
    assert 'href="http://127.66.2.1:8180/logout"' in text
    assert "refresh" not in text


def test_an_accept_without_a_start_counts_as_online(portal: Portal, grant: str) -> None:
    promised(portal, grant)
    assert 'id="online"' in page(portal, grant)


def test_when_the_days_data_is_used_up_it_says_slower(portal: Portal, grant: str) -> None:
    promised(portal, grant)
    began(portal, grant, output_octets=3 * 10**9)
    assert "used up, slower now" in page(portal, grant)


def test_an_ended_visit_says_when_and_how_to_start_again(portal: Portal, grant: str) -> None:
    promised(portal, grant)
    began(portal, grant, stopped_at=NOW + 60)
    portal.clock.at += 120
    text = page(portal, grant)
    assert 'id="ended"' in text
    assert "It ended at 10:34 WIB." in text
    assert 'href="http://127.66.2.1:8180/login"' in text


def test_a_session_that_its_router_forgot_in_a_reboot_has_ended(portal: Portal, grant: str) -> None:
    promised(portal, grant)
    began(portal, grant)
    with portal.store.writing() as connection:
        connection.execute(insert(nas_facts).values(nas=MIKROTIK, boot_at=NOW + 30, heard_at=NOW + 30))
    assert 'id="ended"' in page(portal, grant)


def test_a_tap_that_no_router_redeemed_lapses(portal: Portal, grant: str) -> None:
    portal.clock.at += 301
    assert 'id="lapsed"' in page(portal, grant)


def test_a_visitor_of_opennds_is_online_without_figures(portal: Portal) -> None:
    text = page(portal, tapped(portal, nds()))
    assert 'id="online"' in text
    assert "Data left" not in text
    assert 'href="http://127.66.6.2:2050/opennds_deny/"' in text


@pytest.mark.parametrize(
    "grant_id", ["", "021122334455", "02:11:22:33:44:55", "gaaaaaaaaaaaaaaaa", "<script>", "x" * 2000]
)
def test_a_mac_or_a_made_up_grant_shows_nothing(portal: Portal, grant: str, grant_id: str) -> None:
    promised(portal, grant)
    began(portal, grant)
    for path in ("/status", "/my-data"):
        answer = portal.client.get(path, query_string={"grant": grant_id, "lang": "en"})
        assert answer.status_code == 200
        assert "Alun-alun Besar" not in answer.text
        assert "<script" not in answer.text


def test_the_language_of_the_tap_goes_on_behind_a_router_that_forgets_it(portal: Portal) -> None:
    portal.tap(portal.flow(mikrotik()), lang="jv")
    with portal.store.reading() as connection:
        grant = connection.execute(select(grants.c.id)).scalar_one()
    assert '<html lang="jv">' in portal.client.get(f"/status?grant={grant}").text
    assert '<html lang="en">' in portal.client.get(f"/status?grant={grant}&lang=en").text


def test_after_leaving_the_page_does_not_say_connected(portal: Portal, grant: str) -> None:
    promised(portal, grant)
    began(portal, grant)
    assert "Your visit has ended" in page(portal, grant, "&left=1")
    assert "You are disconnected" in portal.client.get("/status?left=1&lang=en").text


def test_a_nas_that_left_the_sites_file_is_no_error(portal: Portal, grant: str) -> None:
    with portal.store.writing() as connection:
        connection.execute(update(grants).values(nas="gw-gone"))
    assert portal.client.get(f"/status?grant={grant}").status_code == 200


MUSEUM: dict[str, Any] = {"nas": COOVA, "site": "museum-tosan-aji"}


def staying(portal: Portal, **facts: object) -> str:
    """Online at a CoovaChilli for half an hour."""
    grant = tapped(portal, coova())
    promised(portal, grant, **MUSEUM)
    began(portal, grant, class_token="hs1:1", **{**MUSEUM, "last_seen_at": NOW + 1790, **facts})
    portal.clock.at += 1800
    return grant


def wished(portal: Portal) -> list[tuple[str, str, str]]:
    with portal.store.reading() as connection:
        return [(row.act, row.reason, row.asked_by) for row in connection.execute(select(wishes))]


def test_one_tap_asks_radius_for_the_time_of_a_new_visit(portal: Portal) -> None:
    grant = staying(portal)
    assert "Stay longer, up to 2 hours" in page(portal, grant)
    answer = portal.client.post("/extend", data={"grant": grant, "lang": "en"})
    assert answer.headers["Location"] == f"/status?grant={grant}&extended=1&lang=en"
    assert 'id="extended"' in portal.client.get(answer.headers["Location"]).text
    assert wished(portal) == [("limit", "extend", "portal")]


def test_nothing_is_offered_that_would_not_be_longer_or_cannot_be_told(portal: Portal) -> None:
    fresh = staying(portal)
    portal.clock.at -= 1795
    assert 'id="extend"' not in page(portal, fresh)
    with portal.store.writing() as connection:
        connection.execute(update(grants).values(nas=MIKROTIK))  # whose limits a CoA cannot lengthen
    portal.clock.at += 1795
    assert 'id="extend"' not in page(portal, fresh)


def test_no_more_time_is_offered_than_the_calendar_leaves_and_none_where_it_has_closed(portal: Portal) -> None:
    grant = staying(portal)
    event = {
        "label": "upacara",
        "began_at": NOW + 3600 + 1800,
        "ends_at": NOW + 9000,
        "created_by": "x",
        "created_at": 0,
    }
    with portal.store.writing() as connection:
        connection.execute(insert(calendar), event | {"site": MUSEUM["site"], "doors": "closed"})
    assert 'id="extend"' not in page(portal, grant)  # an hour is left, and more was promised
    with portal.store.writing() as connection:
        connection.execute(update(calendar).values(began_at=NOW))
    assert portal.client.post("/extend", data={"grant": grant, "lang": "en"}).status_code == 403
    assert wished(portal) == []


@pytest.mark.parametrize("facts", [{"stopped_at": NOW + 60}, {"started_at": NOW - 99_999, "last_seen_at": NOW - 9999}])
def test_a_visit_that_is_over_is_not_extended(portal: Portal, facts: dict[str, object]) -> None:
    grant = staying(portal, **facts)
    portal.client.post("/extend", data={"grant": grant})
    portal.client.post("/extend", data={"grant": "gaaaaaaaaaaaaaaaa"})
    assert wished(portal) == []
