"""Codes by message: sent in the background, good although another is sent, resumed by a closed mini-browser, capped."""

from __future__ import annotations

import json
import logging
import re
from urllib.parse import unquote

import pytest
from sqlalchemy import insert, select

from captive_portal.ways.guesses import LIMITS
from hotspot import clients
from hotspot.command import Settings
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import otps, remembered, send_counts, sessions, wishes
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import SECRETS, flow_of, mikrotik
from tests.integration.captive_portal.ways.conftest import Place, is_let_in, place_on, said, with_ways
from tests.peers.provider import Provider

KEY = Secret(SECRETS["HOTSPOT_GRANT_KEY"])
NUMBER = "0812-3456-7890"


def wait_page(place: Place, flow: str = "") -> str:
    answer = place.client.get("/wait", query_string={"flow": flow or place.flow(), "lang": "en"})
    assert answer.status_code == 200
    return said(answer)


def test_a_code_comes_by_message_and_lets_the_number_in(place: Place) -> None:
    flow = place.flow()
    answer = place.connect("otp", flow, number=NUMBER)
    assert answer.headers["Location"].startswith("/wait?flow=")
    [(_, headers, body)] = place.provider.asked
    sent = json.loads(body)
    assert (sent["to"], sent["channel"], headers["authorization"]) == (
        "+6281234567890",
        "sms",
        "Bearer sms key of the test",
    )
    assert sent["message"].startswith(f"{sent['code']} is your code for the free Wi-Fi of Kabupaten Purworejo. It is")
    assert "We have sent it to your phone" in wait_page(place, flow)
    assert is_let_in(place.connect("otp", flow, code=f" {sent['code'][:3]} {sent['code'][3:]} "))
    [grant] = place.grants()
    assert (grant["way"], grant["client"]) == ("otp", clients.of_number(KEY, "+6281234567890"))


def test_the_channel_is_the_visitors_choice(place: Place) -> None:
    place.connect("otp", number=NUMBER, channel="whatsapp")
    assert json.loads(place.provider.asked[0][2])["channel"] == "whatsapp"


def test_an_earlier_code_stays_good_when_another_is_sent(place: Place) -> None:
    flow = place.flow()
    place.connect("otp", flow, number=NUMBER)
    first = place.last_code()
    place.clock.at += 31
    place.connect("otp", flow, number=NUMBER)
    assert place.last_code() != first
    assert is_let_in(place.connect("otp", flow, code=first))


def test_a_mini_browser_that_was_closed_resumes_with_its_code(place: Place) -> None:
    """Reading the message closes it; the phone arrives anew, with another flow."""
    place.connect("otp", number=NUMBER)
    again = place.flow()
    assert "Type in the code" in wait_page(place, again)
    assert is_let_in(place.connect("otp", again, code=place.last_code()))


def test_a_code_serves_once_and_one_phone_only(place: Place) -> None:
    flow = place.flow()
    place.connect("otp", flow, number=NUMBER)
    stranger = place.connect("otp", place.flow("02:11:22:33:44:99"), code=place.last_code())
    assert stranger.status_code == 403
    assert is_let_in(place.connect("otp", flow, code=place.last_code()))
    assert is_let_in(place.connect("otp", flow, code=place.last_code()))  # the same flow: a double tap
    assert place.connect("otp", place.flow(), code=place.last_code()).status_code == 403
    assert len(place.grants()) == 1


def test_a_code_ends(place: Place) -> None:
    place.connect("otp", number=NUMBER)
    place.clock.at += 301
    assert "No code is waiting for you" in wait_page(place)
    assert place.connect("otp", code=place.last_code()).status_code == 403


def test_a_code_is_dead_after_five_wrong_tries_though_the_guesser_may_wait(place: Place) -> None:
    place.connect("otp", number=NUMBER)
    flow = place.flow()
    for number in range(LIMITS["client"]):
        place.connect("otp", flow, code=f"{number:06}")
    with place.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM guesses")
    assert place.connect("otp", flow, code=place.last_code()).status_code == 403


@pytest.mark.parametrize("number", ["", "12345", "0275 321001", "+60123456789", "+1 900 123 4567", "x" * 4000])
def test_only_numbers_that_can_be_reached_are_sent_to(place: Place, number: str) -> None:
    answer = place.connect("otp", number=number)
    assert (answer.status_code, "0812 3456 7890" in said(answer)) == (403, True)
    assert place.provider.asked == []


def test_another_code_has_to_be_waited_for_longer_each_time(place: Place) -> None:
    flow = place.flow()
    place.connect("otp", flow, number=NUMBER)
    place.clock.at += 29
    answer = place.connect("otp", flow, number=NUMBER)
    assert (answer.status_code, "10:33 WIB" in said(answer) or "10:34 WIB" in said(answer)) == (429, True)
    place.clock.at += 2
    assert place.connect("otp", flow, number=NUMBER).status_code == 303
    place.clock.at += 31
    assert place.connect("otp", flow, number=NUMBER).status_code == 429
    assert len(place.provider.asked) == 2


def test_a_phone_has_five_codes_a_day(place: Place) -> None:
    for number in range(5):
        place.clock.at += 3700
        assert place.connect("otp", number=f"08123456789{number}").status_code == 303
    place.clock.at += 3700
    answer = place.connect("otp", number="081234567895")
    assert "had its codes for today" in said(answer)
    assert len(place.provider.asked) == 5


def test_a_number_has_five_codes_a_day_and_the_sixth_page_looks_the_same(place: Place) -> None:
    answers = []
    for number in range(6):
        flow = place.flow(f"02:11:22:33:44:{number:02x}")
        answer = place.connect("otp", flow, number=NUMBER)
        answers.append((answer.status_code, wait_page(place, flow)))
    assert answers[5] == answers[0]
    assert len(place.provider.asked) == 5


def test_a_place_has_twenty_codes_a_minute(place: Place) -> None:
    statuses = [
        place.connect("otp", place.flow(f"02:11:22:33:44:{n:02x}"), number=f"0812345678{n:02}").status_code
        for n in range(21)
    ]
    assert statuses == [303] * 20 + [429]


def test_a_month_has_its_cap(settings: Settings, town: Sites, store: Store, clock: FixedClock, there: Provider) -> None:
    place = place_on(settings, with_ways(town, there.url, a_month=3), store, clock, there)
    with store.writing() as connection:
        connection.execute(insert(send_counts).values(month="2026-05", sender="sms", sent=1, failed=1))
    assert place.connect("otp", number=NUMBER).status_code == 303
    answer = place.connect("otp", place.flow("02:11:22:33:44:66"), number="081234567000")
    assert "No more codes can be sent this month" in said(answer)
    with store.reading() as connection:
        row = connection.execute(select(send_counts).where(send_counts.c.sender == "sms")).one()
    assert (row.sent, row.failed) == (2, 1)
    clock.at += 4 * 86400
    assert place.connect("otp", number=NUMBER).status_code == 303


@pytest.mark.parametrize(
    ("ways", "words", "button"),
    [
        (("otp", "reverse-otp"), "Send us a message instead", "Log in by sending a message"),
        (("otp", "voucher"), "Ask the staff here for a voucher", "Connect"),
        (("otp", "tap"), "take another way in", "Connect"),
        (("otp",), "take another way in, or ask the staff", None),
    ],
)
def test_when_the_months_codes_are_used_up_the_page_says_so_before_anybody_asks(
    place: Place, monkeypatch: pytest.MonkeyPatch, ways: tuple[str, ...], words: str, button: str | None
) -> None:
    portal = place.client.application.extensions["portal"]
    policy = portal.sites.policies["umum"].model_copy(update={"ways": ways})
    monkeypatch.setitem(portal.sites.policies, "umum", policy)
    with place.store.writing() as connection:
        connection.execute(insert(send_counts).values(month="2026-05", sender="sms", sent=2990, failed=10))
    page = place.client.get(mikrotik() + "&lang=en")
    assert ("No more codes can be sent this month." in said(page), words in said(page)) == (True, True)
    assert "Send a code" not in page.text
    found = re.search(r'id="connect" type="submit">([^<]+)<', page.text)
    assert (found and found[1]) == button
    assert (f'By tapping "{button}"' in said(page)) == (button is not None)


def test_what_was_sent_this_month_is_a_metric_beside_its_cap(place: Place) -> None:
    place.connect("otp", number=NUMBER)
    place.provider.answers = [(500, b"")]
    place.connect("otp", place.flow("02:11:22:33:44:66"), number="081234567000")
    page = place.client.application.extensions["metrics"].page().decode()
    assert "hotspot_messages_cap 3000.0" in page
    assert 'hotspot_messages_this_month{result="sent",service="sms"} 1.0' in page
    assert 'hotspot_messages_this_month{result="failed",service="sms"} 1.0' in page
    assert NUMBER[1:] not in page


@pytest.mark.parametrize(
    ("answer", "words"), [((400, b'{"error":"bad-number"}'), "to this number"), ((402, b""), "could not be sent.")]
)
def test_a_message_that_was_not_taken_is_said_so(place: Place, answer: tuple[int, bytes], words: str) -> None:
    place.provider.answers = [answer]
    place.connect("otp", number=NUMBER)
    assert words in wait_page(place)


def test_a_slow_provider_holds_no_page(place: Place) -> None:
    place.provider.slow = 1.0
    flow = place.flow()
    answer = place.client.post("/connect", data={"flow": flow, "way": "otp", "number": NUMBER, "lang": "en"})
    assert answer.status_code == 303
    with place.store.reading() as connection:
        assert connection.execute(select(otps.c.outcome)).scalar_one() is None
    place.outbox.drain()
    with place.store.reading() as connection:
        assert connection.execute(select(otps.c.outcome)).scalar_one() == "sent sms"


def test_neither_number_nor_code_is_stored_or_logged(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.provider.answers = [(500, b"")]
    with caplog.at_level(logging.DEBUG):
        place.connect("otp", number=NUMBER)
        place.connect("otp", code=place.last_code())
    with place.store.reading() as connection:
        stored = str(connection.execute(select(otps)).all()) + str(place.grants())
    for hidden in ("81234567890", place.last_code()):
        assert hidden not in stored
        assert hidden not in caplog.text


def test_no_page_of_a_way_needs_a_cookie_or_a_script(place: Place) -> None:
    answer = place.connect("otp", number=NUMBER)
    page = place.client.get(answer.headers["Location"])
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in page.text
    assert 'autocomplete="one-time-code"' in page.text


def with_grace(settings: Settings, town: Sites, store: Store, clock: FixedClock, there: Provider) -> Place:
    sites = with_ways(town, there.url)
    policy = sites.policies["umum"].model_copy(update={"grace": 180})
    kept = {name: getattr(sites, name) for name in Sites.model_fields}
    changed = Sites.model_construct(**kept | {"policies": {**sites.policies, "umum": policy}})
    return place_on(settings, changed, store, clock, there)


def test_a_short_visit_lets_the_message_come_twice_a_day(
    settings: Settings, town: Sites, store: Store, clock: FixedClock, there: Provider
) -> None:
    place = with_grace(settings, town, store, clock, there)
    first = place.connect("otp", number=NUMBER)
    assert is_let_in(first)
    assert "/wait?flow=" in unquote(first.headers["Location"])
    [grant] = place.grants()
    assert grant["way"] == "grace"
    with store.reading() as connection:
        assert connection.execute(select(remembered)).all() == []
    place.clock.at += 3700
    assert is_let_in(place.connect("otp", number=NUMBER))
    place.clock.at += 3700
    assert place.connect("otp", number=NUMBER).headers["Location"].startswith("/wait")


def test_the_short_visit_ends_when_the_full_one_begins(
    settings: Settings, town: Sites, store: Store, clock: FixedClock, there: Provider
) -> None:
    place = with_grace(settings, town, store, clock, there)
    flow = place.flow()
    place.connect("otp", flow, number=NUMBER)
    [grant] = place.grants()
    online = {
        "uid": "u", "generation": 0, "nas": grant["nas"], "site": grant["site"], "acct_session_id": "a",
        "started_at": int(clock.at), "last_seen_at": int(clock.at), "seconds": 0, "input_octets": 0, "output_octets": 0,
        "interim": 300, "counted_input": 0, "counted_output": 0, "first_received_at": 0, "changed_at": 0,
        "grant_id": grant["id"], "client": grant["client"], "way": "grace", "mac": grant["mac"],
    }  # fmt: skip
    with store.writing() as connection:
        connection.execute(insert(sessions).values(online))
    status = place.client.get(f"/status?grant={grant['id']}&lang=en")  # where the router leads, it knows no other page
    within = place.client.get(status.headers["Location"])
    assert ("Type in the code" in said(within), "you are online for this" in said(within)) == (True, False)
    flow = flow_of(within.text)
    page = place.connect("otp", flow, code=place.last_code())
    assert (page.status_code, "One moment" in said(page)) == (200, True)
    assert page.headers["Refresh"] == "3; url=http://127.66.2.1:8180/login"
    assert {row["way"] for row in place.grants()} == {"grace", "otp"}
    with store.reading() as connection:
        asked = connection.execute(select(wishes.c.act, wishes.c.reason)).all()
    assert [tuple(row) for row in asked] == [("end", "proved")]
