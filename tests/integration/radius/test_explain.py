"""``hotspot-radius explain`` tells a person why, from what the books hold."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select, update

from hotspot import clients, tables
from hotspot.command import OperatorError
from hotspot.mac import Mac
from hotspot.policy import Reason
from hotspot.sites import Sites
from hotspot.wishes import Act, wish
from radius.event import Boot, Status
from radius.explain import Explainer
from radius.why import PHRASES
from tests.integration.radius.desk import KEY, MAC, NAS, NOON, SITE, Desk, report

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


def first(desk: Desk, sites: Sites, word: str = MAC.colons) -> str:
    return told(desk, sites, word).partition("\n")[0]


def put(desk: Desk, table: Any, **row: Any) -> None:
    with desk.store.writing() as connection:
        connection.execute(insert(table), row)


def visit(desk: Desk, **facts: Any) -> None:
    """Let in at noon, with a report at twelve past."""
    token = getattr(desk.book(desk.mint(GRANT))[0], "class_token", None)
    desk.book(report(Status.START, NOON, 0, "s1", class_token=token))
    desk.book(report(Status.INTERIM, NOON + 720, 720, "s1", class_token=token, **facts))
    desk.clock.at = NOON + 780


def ask(desk: Desk, reason: str, act: Act = Act.END, **facts: Any) -> None:
    with desk.store.writing() as connection:
        (number,) = connection.execute(select(tables.sessions.c.id)).scalars()
        wish(connection, number, act, reason=reason, by="office", now=NOON + 700)
        if facts:
            connection.execute(update(tables.wishes).values(**facts))


ONLINE = "Online at gw-alun-alun-besar since 24 Nov 12:00:00, promised until 24 Nov 14:00:00."


def test_who_is_online_is_told_until_when_and_what_is_wished(desk: Desk, sites: Sites) -> None:
    visit(desk)
    assert first(desk, sites) == ONLINE

    ask(desk, "blocked")
    assert first(desk, sites) == (
        f"{ONLINE} It is to be ended, because it is blocked: its NAS is asked at this moment."
    )
    with desk.store.writing() as connection:
        connection.execute(update(tables.wishes).values(tries=3))
    assert first(desk, sites).endswith("because it is blocked: asked 3 times so far.")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("unanswered", "but its NAS does not answer."),
        ("untrue", "but its NAS said yes and let it go on."),
        ("impossible", "not by this kind)."),
        ("refused", "but its NAS refuses to do it."),
    ],
)
def test_a_wish_that_came_to_nothing_is_told(desk: Desk, sites: Sites, outcome: str, words: str) -> None:
    visit(desk)
    ask(desk, "data-used", Act.LIMIT, finished_at=NOON + 750, outcome=outcome)

    assert first(desk, sites).startswith(f"{ONLINE} It was to be given other limits, because its data is used up, but ")
    assert first(desk, sites).endswith(words)


def test_how_the_last_session_ended_is_told(desk: Desk, sites: Sites) -> None:
    visit(desk)
    desk.clock.at = NOON + 7000
    ended = "Not online: its last session at gw-alun-alun-besar"
    assert first(desk, sites) == f"{ended} was not heard of any more 24 Nov 12:12:00."

    desk.book(Boot(NAS, NOON + 6000))
    assert first(desk, sites) == f"{ended} ended with a restart of its NAS 24 Nov 12:12:00."

    ask(desk, "blocked", finished_at=NOON + 750, outcome="done")
    token = desk.rows(tables.sessions, "class_token")[0][0]
    desk.book(report(Status.STOP, NOON + 750, 750, "s1", class_token=token, cause=6))
    assert first(desk, sites) == f"{ended} ended 24 Nov 12:12:30, by the office (wished because it is blocked)."


def test_a_refusal_is_told_in_words_and_what_would_be_said_now(desk: Desk, sites: Sites) -> None:
    desk.book(desk.mint(GRANT, expires_at=NOON - 1))
    said = "Not online: refused 24 Nov 12:00:00 at gw-alun-alun-besar, because its grant was too old or used up"
    assert first(desk, sites) == f"{said}: it has to tap again."

    event = {"label": "Upacara", "began_at": NOON - 60, "ends_at": NOON + 3600, "created_by": "x", "created_at": 0}
    put(desk, tables.calendar, doors="closed", **event)
    assert first(desk, sites).endswith(
        " A tap now would be refused: the site is closed until 24 Nov 13:00:00 (calendar: Upacara)."
    )
    block = {"kind": "client", "label": "x", "reason": "mengganggu", "blocked_by": "x", "since": NOON - 60}
    put(desk, tables.blocks, client=clients.of_mac(KEY, MAC), **block)
    assert first(desk, sites).endswith(" It is blocked until it is lifted: mengganggu.")


def test_a_tap_that_led_to_nothing_is_told(desk: Desk, sites: Sites) -> None:
    login = desk.mint(GRANT)
    tapped = "Not online: it tapped 24 Nov 12:00:00 at gw-alun-alun-besar"
    assert first(desk, sites) == f"{tapped}, and its NAS has not asked RADIUS yet."
    desk.clock.at += 301
    assert "and its NAS never asked RADIUS: the browser did not get to" in first(desk, sites, GRANT)
    desk.clock.at -= 300
    desk.book(login)
    assert "RADIUS accepted it, and no session was reported" in first(desk, sites)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (None, "and RADIUS has not decided yet."),
        ("refused", "and its controller refused it: it is no guest of that network, or not known there."),
        ("radius-away", "and its controller did not answer while the grant was good."),
        ("full", "and was refused, because the site is full."),
    ],
)
def test_what_became_of_a_controllers_order_is_told(desk: Desk, sites: Sites, outcome: str | None, words: str) -> None:
    desk.mint(GRANT)
    order = {
        "grant_id": GRANT,
        "nas": NAS,
        "mac": MAC.digits,
        "place": "",
        "asked_at": NOON,
        "tries": 2,
        "due_at": NOON,
    }
    put(desk, tables.admissions, outcome=outcome, **order)

    assert first(desk, sites).endswith(words)
    assert f"Let in by a controller:\n  24 Nov 12:00:00 at {NAS}: {outcome or 'asked 2 times so far'}" in told(
        desk, sites, MAC.colons
    )


def test_of_whom_nothing_is_known_is_told_why_that_may_be(desk: Desk, sites: Sites) -> None:
    assert first(desk, sites, "02:11:22:00:00:99").startswith("Nothing is known of it from the last day: it has not")


def test_every_reason_has_its_words() -> None:
    assert set(PHRASES) == set(Reason)


def test_who_is_not_known_is_told_in_one_sentence(desk: Desk, sites: Sites) -> None:
    with pytest.raises(OperatorError, match="no session, grant or client 'nobody' is known"):
        told(desk, sites, "nobody")
    assert "Sessions: none" in told(desk, sites, "02:11:22:00:00:99")
