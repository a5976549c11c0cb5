"""Vouchers and return codes: the same answer for every wrong one, limits that hold, a client that is known again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from captive_portal.ways import memory
from captive_portal.ways.guesses import LIMITS, WINDOW
from captive_portal.ways.memory import Known
from hotspot import clients
from hotspot.command import Settings
from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import batches, codes, remembered, reservations, sessions, voucher_uses, vouchers
from hotspot.vouchers import client_of, code, link
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import MIKROTIK, MORNING, SECRETS, mikrotik
from tests.integration.captive_portal.ways.conftest import VOUCHER_KEY, Place, is_let_in, place_on, said, with_ways
from tests.peers.provider import Provider

KEY = Secret(SECRETS["HOTSPOT_GRANT_KEY"])
FIRST = code(VOUCHER_KEY, "a1b2", 0)


def mac(number: int) -> str:
    return f"02:11:22:33:{number // 256:02x}:{number % 256:02x}"


@pytest.mark.usefixtures("batch")
def test_a_voucher_lets_its_bearer_in_as_the_vouchers_client(place: Place) -> None:
    assert is_let_in(place.connect("voucher", code=f" {FIRST[:3]}-{FIRST[3:6]} {FIRST[6:]} "))
    [grant] = place.grants()
    assert (grant["way"], grant["client"]) == ("voucher", client_of(VOUCHER_KEY, FIRST))
    with place.store.reading() as connection:
        use = connection.execute(select(voucher_uses)).one()
    assert (use.voucher, use.first_used_at) == (1, int(MORNING))


@pytest.mark.usefixtures("batch")
def test_a_vouchers_time_runs_from_its_first_use(place: Place) -> None:
    place.connect("voucher", code=FIRST)
    place.clock.at += 86380
    assert is_let_in(place.connect("voucher", place.flow(mac(1)), code=FIRST))
    place.clock.at += 30
    answer = place.connect("voucher", place.flow(mac(2)), code=FIRST)
    assert (answer.status_code, "no longer valid" in said(answer)) == (403, True)


@pytest.mark.usefixtures("batch")
def test_a_revoked_voucher_says_so_and_costs_no_try(place: Place) -> None:
    with place.store.writing() as connection:
        connection.execute(update(vouchers).where(vouchers.c.serial == 0).values(revoked_at=int(MORNING)))
    for _ in range(LIMITS["client"] + 1):
        answer = place.connect("voucher", code=FIRST)
    assert (answer.status_code, "no longer valid" in said(answer)) == (403, True)


def test_a_voucher_of_another_place_says_so(place: Place, batch: dict[str, Any]) -> None:
    with place.store.writing() as connection:
        connection.execute(update(batches).where(batches.c.id == batch["id"]).values(site="museum-tosan-aji"))
    assert place.connect("voucher", code=FIRST).status_code == 403
    assert place.grants() == []


@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize(("way", "wrong"), [("voucher", "000000000"), ("code", "AAAAAA"), ("otp", "000000")])
def test_a_wrong_code_says_how_many_tries_are_left_and_then_until_when_to_wait(
    place: Place, way: str, wrong: str
) -> None:
    flow = place.flow()
    answers = [place.connect(way, flow, code=wrong) for _ in range(LIMITS["client"] + 1)]
    assert [answer.status_code for answer in answers] == [403] * LIMITS["client"] + [429]
    assert "4 more tries" in said(answers[0])
    assert "You may try again at 10:48 WIB" in said(answers[-1])
    assert int(answers[-1].headers["Retry-After"]) == WINDOW
    place.clock.at += WINDOW + 1
    assert place.connect(way, place.flow(), code=wrong).status_code == 403


@pytest.mark.usefixtures("batch")
def test_a_right_code_is_refused_while_the_guesser_has_to_wait(place: Place) -> None:
    flow = place.flow()
    for _ in range(LIMITS["client"]):
        place.connect("voucher", flow, code="1")
    assert place.connect("voucher", flow, code=FIRST).status_code == 429
    assert is_let_in(place.connect("voucher", place.flow(mac(9)), code=FIRST))


def test_all_wrong_codes_get_one_answer(place: Place) -> None:
    answers = [
        said(place.connect("voucher", place.flow(mac(number)), code=text))
        for number, text in enumerate(["1", "999999999", "'; DROP TABLE vouchers", "٣٣٣", "a\x00b", "x" * 5000], 1)
    ]
    assert len(set(answers)) == 1


def test_a_guesser_with_a_new_mac_for_each_try_meets_the_limit_of_the_nas(place: Place) -> None:
    """MikroTik's redirect is not signed, so that a MAC costs nothing."""
    statuses = [
        place.connect("voucher", place.flow(mac(number)), code=str(number)).status_code
        for number in range(1, LIMITS["nas"] + 3)
    ]
    assert statuses.count(429) == 2
    assert statuses[-2:] == [429, 429]
    elsewhere = place.flow(mac(1), "gw-alun-alun-kutoarjo")
    assert place.connect("voucher", elsewhere, code="1").status_code == 403


@pytest.mark.usefixtures("batch")
def test_a_double_tap_of_a_voucher_is_one_grant(place: Place) -> None:
    flow = place.flow()
    targets = {place.connect("voucher", flow, code=FIRST).headers["Location"] for _ in range(3)}
    assert (len(targets), len(place.grants())) == (1, 1)


@pytest.mark.usefixtures("batch")
def test_the_printed_link_fills_the_code_in_and_asks_nobody(place: Place) -> None:
    page = place.client.get(link("", FIRST) + "?lang=en")
    assert f"{FIRST[:3]} {FIRST[3:6]} {FIRST[6:]}" in said(page)
    assert page.text.count("/login") >= 2
    assert place.grants() == []
    assert "<script" not in place.client.get("/v/%3Cscript%3E").text


def test_a_way_that_the_place_does_not_have_is_refused(place: Place) -> None:
    flow = place.flow(nas="gw-pendopo-bupati")
    for way in ("voucher", "code", "staff", "otp", "reverse-otp", "grace", "", "x" * 300):
        answer = place.connect(way, flow, code="1", name="rini", number="081234567890")
        assert answer.status_code == 403, way
    assert place.provider.asked == []


def test_a_return_code_brings_the_client_back_on_another_mac(place: Place) -> None:
    assert is_let_in(place.connect("tap"))
    [first] = place.grants()
    until = int(MORNING) + 30 * 86400
    with place.store.writing() as connection:
        known = Known(first["client"], first["way"])
        shown = memory.show_code(connection, KEY, first["id"], known, now=MORNING, until=until)
    assert shown is not None
    place.clock.at += 3600
    assert is_let_in(place.connect("code", place.flow(mac(77)), code=f"{shown[:3].lower()} {shown[3:]}"))
    second = place.grants()[-1]
    assert (second["mac"], second["client"], second["way"]) == ("02112233004d", first["client"], "tap")
    assert is_let_in(place.connect("tap", place.flow(mac(77))))
    assert place.grants()[-1]["client"] == first["client"]


def test_the_allowance_goes_on_behind_a_changed_mac(place: Place) -> None:
    place.connect("tap")
    [first] = place.grants()
    with place.store.writing() as connection:
        shown = memory.show_code(connection, KEY, first["id"], Known(first["client"], "tap"), now=MORNING, until=2**40)
        used = {
            "uid": "u", "generation": 0, "nas": MIKROTIK, "site": "alun-alun-besar", "acct_session_id": "a",
            "started_at": int(MORNING) - 100, "last_seen_at": int(MORNING) - 10, "seconds": 6 * 3600,
            "input_octets": 0, "output_octets": 0, "interim": 300, "counted_input": 0, "counted_output": 0,
            "first_received_at": 0, "changed_at": 0, "client": first["client"], "way": "tap", "mac": first["mac"],
            "stopped_at": int(MORNING) - 10,
        }  # fmt: skip
        connection.execute(insert(sessions).values(used))
    answer = place.connect("code", place.flow(mac(5)), code=str(shown))
    assert (answer.status_code, "Your time for today is used up" in said(answer)) == (403, True)


def test_a_code_is_shown_for_ten_minutes_and_once_a_client(place: Place) -> None:
    known = Known("c" * 32, "tap")
    with place.store.writing() as connection:
        shown = memory.show_code(connection, KEY, "gone", known, now=MORNING, until=2**40)
        assert memory.show_code(connection, KEY, "gone", known, now=MORNING + 600, until=2**40) == shown
        assert memory.show_code(connection, KEY, "gone", known, now=MORNING + 601, until=2**40) is None
        assert memory.show_code(connection, KEY, "gtwo", known, now=MORNING, until=2**40) is None
        stored = str(connection.execute(select(codes)).all())
        assert memory.of_code(connection, KEY, str(shown), MORNING) == known
        assert memory.of_code(connection, KEY, str(shown), 2.0**40) is None
    assert shown is not None
    assert len(shown) == 6
    assert shown not in stored


@pytest.mark.usefixtures("batch")
def test_one_login_counts_at_all_places(place: Place) -> None:
    place.connect("voucher", code=FIRST)
    with place.store.reading() as connection:
        row = connection.execute(select(remembered)).one()
    assert row.token == clients.memory_of(KEY, Mac("021122334455"))
    assert (row.way, row.until) == ("voucher", int(MORNING) + 30 * 86400)
    there = place.connect("again", place.flow(nas="gw-alun-alun-kutoarjo"))
    assert there.headers["Location"].startswith("http://127.66.6.1:8180/login?")
    assert {grant["client"] for grant in place.grants()} == {client_of(VOUCHER_KEY, FIRST)}


def test_nobody_goes_on_who_is_not_remembered(place: Place) -> None:
    answer = place.connect("again")
    assert (answer.status_code, "log in once more" in said(answer)) == (403, True)
    place.connect("tap")
    with place.store.writing() as connection:
        connection.execute(update(remembered).values(forgotten_at=int(MORNING)))
    assert place.connect("again", place.flow()).status_code == 403


def test_a_tap_makes_nobody_of_somebody(place: Place) -> None:
    with place.store.writing() as connection:
        stay = memory.Stay(Mac("021122334455"), "n" * 32, "otp", "h" * 64, "id", int(MORNING) + 100)
        memory.remember(connection, KEY, stay, MORNING)
    place.connect("tap")
    with place.store.reading() as connection:
        known = memory.recall(connection, KEY, Mac("021122334455"), MORNING)
    assert known == Known("n" * 32, "otp")
    assert place.grants()[-1]["client"] == "n" * 32


@pytest.mark.usefixtures("batch")
def test_a_scanned_voucher_is_filled_in_and_still_asks(place: Place) -> None:
    place.client.get(f"/v/{FIRST}")
    page = place.client.get(mikrotik() + "&lang=en")
    assert f'value="{FIRST}"' in page.text
    assert place.grants() == []
    place.client.set_cookie("voucher", '"><script>')
    assert "<script" not in place.client.get(mikrotik() + "&lang=en").text


def test_the_connected_page_shows_a_return_code_once_a_client(place: Place) -> None:
    place.connect("tap")
    [grant] = place.grants()
    with place.store.writing() as connection:
        promise = {
            "class_token": "hs1:" + "0" * 32, "grant_id": grant["id"], "nas": MIKROTIK, "site": "alun-alun-besar",
            "mac": grant["mac"], "client": grant["client"], "way": "tap", "reserved_at": int(MORNING),
            "ends_at": int(MORNING) + 7200, "interim": 300,
        }  # fmt: skip
        connection.execute(insert(reservations).values(promise))
    pages = [place.client.get(f"/status?grant={grant['id']}&lang=en") for _ in range(2)]
    found = [re.search(r'id="return-code">.*?figure">([2-9A-Z]{6})<', page.text, re.DOTALL) for page in pages]
    assert found[0]
    assert found[1]
    assert found[0][1] == found[1][1]
    place.clock.at += 601
    assert 'id="return-code"' not in place.client.get(f"/status?grant={grant['id']}").text
    assert is_let_in(place.connect("code", place.flow(mac(3)), code=found[0][1]))


def test_a_known_phone_is_offered_to_go_on(
    settings: Settings, town: Sites, store: Store, clock: FixedClock, there: Provider
) -> None:
    place = place_on(settings, with_ways(town, there.url, "otp", "voucher"), store, clock, there)
    assert 'value="again"' in place.client.get(mikrotik()).text
    place.connect("otp", number="081234567890")
    assert 'id="go-on"' in place.client.get(mikrotik()).text
    assert is_let_in(place.connect("otp", code=place.last_code()))
    place.clock.at += 86400
    page = place.client.get(mikrotik())
    assert re.search(r'name="way" value="again">.{0,200}id="connect"', page.text, re.DOTALL)
    assert is_let_in(place.connect("again"))
    assert place.grants()[-1]["way"] == "otp"


def test_a_page_with_something_to_type_does_not_load_itself_anew(place: Place) -> None:
    with place.store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE intervals RENAME TO gone")
    page = place.client.get(mikrotik() + "&lang=en")
    assert 'id="away"' in page.text
    assert "Refresh" not in page.headers
    assert "every minute" not in page.text
