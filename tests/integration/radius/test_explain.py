"""``hotspot-radius explain`` tells a person why, from what the books hold."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from hotspot import clients, tables
from hotspot.command import OperatorError
from hotspot.mac import Mac
from hotspot.sites import Sites
from hotspot.wishes import Act, wish
from radius.event import Status
from radius.explain import Explainer
from tests.integration.radius.desk import KEY, MAC, NOON, SITE, Desk, report

GRANT = "g" + "a" * 16


def told(desk: Desk, sites: Sites, word: str) -> str:
    with desk.store.reading() as connection:
        return "\n".join(Explainer(connection, sites, KEY, desk.clock.now()).lines(word))


def test_a_visit_is_told_from_tap_to_end(desk: Desk, sites: Sites) -> None:
    accepted = desk.book(desk.mint(GRANT))[0]
    token = getattr(accepted, "class_token", None)
    desk.book(report(Status.START, NOON, 0, "s1", class_token=token))
    with desk.store.writing() as connection:
        wish(connection, 1, Act.END, reason="asked", by="office", now=NOON)
    desk.book(report(Status.STOP, NOON + 600, 600, "s1", class_token=token, output_octets=5_000_000, cause=4))
    desk.clock.at += 900

    for word in (MAC.colons, GRANT, "s1"):
        text = told(desk, sites, word)
        assert "Blocks: none" in text
        assert "by tap at gw-alun-alun-besar: accepted 24 Nov 12:00:00, promised until 24 Nov 14:00:00" in text
        assert "ended 24 Nov 12:10:00 (idle), 10 min, 5.0 MB" in text
        assert f"{SITE}: let in for 120 min, 8 Mbit/s down" in text
        assert "romansa-kuliner: refused, closed, until 24 Nov 1" in text
        assert MAC.digits not in text.replace(":", "")


def test_a_blocked_phone_is_told_with_its_reason_and_end(desk: Desk, sites: Sites) -> None:
    row = {"kind": "client", "label": "tamu 7", "reason": "mengganggu", "blocked_by": "rini", "since": NOON - 60}
    with desk.store.writing() as connection:
        connection.execute(insert(tables.blocks), row | {"client": clients.of_mac(KEY, MAC), "until": NOON + 3600})
    desk.book(desk.mint(GRANT))

    text = told(desk, sites, "02-11-22-AA-BB-CC")

    assert "client 'tamu 7' since 24 Nov 11:59:00, until 24 Nov 13:00:00: mengganggu" in text
    assert "at gw-alun-alun-besar: blocked (by tap)" in text
    assert "its NAS never asked RADIUS for it yet" in text
    assert "refused, blocked, until 24 Nov 13:00:00" in text


def test_a_session_without_a_grant_of_ours_is_called_so(desk: Desk, sites: Sites) -> None:
    desk.book(report(Status.START, NOON, 0, "s1"))
    desk.book(report(Status.START, NOON, 0, "s2", authentic=2, mac=Mac("021122000002")))

    assert "without a grant of ours" in told(desk, sites, "s1")
    assert "let in by the NAS while RADIUS was away" in told(desk, sites, "s2")


def test_who_is_not_known_is_told_in_one_sentence(desk: Desk, sites: Sites) -> None:
    with pytest.raises(OperatorError, match="no session, grant or client 'nobody' is known"):
        told(desk, sites, "nobody")
    assert "Sessions: none" in told(desk, sites, "02:11:22:00:00:99")
