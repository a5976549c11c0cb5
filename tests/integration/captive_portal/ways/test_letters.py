"""What visitors write: a word that proves a number, a report of a problem, and nothing without the right signature."""

from __future__ import annotations

import hashlib
import hmac
import json
import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from hotspot import clients
from hotspot.secret import Secret
from hotspot.tables import complaints, otps
from tests.integration.captive_portal.conftest import SECRETS
from tests.integration.captive_portal.ways.conftest import HOOK, Place, is_let_in, said

KEY = Secret(SECRETS["HOTSPOT_GRANT_KEY"])


def write(
    place: Place, text: str, *, number: str = "+6281234567890", key: str = HOOK, name: str = "7", kind: str = ""
) -> TestResponse:
    body = json.dumps({"from": number, "text": text, "id": name}).encode()
    signature = "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    answer = place.client.post("/webhooks/wa", data=body, headers={"X-Signature-256": signature}, content_type=kind)
    place.outbox.drain()
    return answer


def word_of(place: Place, flow: str) -> str:
    page = place.client.get("/wait", query_string={"flow": flow, "lang": "en"})
    found = re.search(r"MASUK (\d+)", said(page))
    assert found is not None, said(page)
    return found[1]


def reports(place: Place) -> list[tuple[str, str, str, str]]:
    with place.store.reading() as connection:
        query = select(complaints.c.site, complaints.c.channel, complaints.c.text, complaints.c.contact)
        return [tuple(row) for row in connection.execute(query.order_by(complaints.c.id))]


def test_a_word_that_is_sent_to_us_proves_the_number(place: Place) -> None:
    flow = place.flow()
    assert place.connect("reverse-otp", flow).headers["Location"].startswith("/wait?flow=")
    word = word_of(place, flow)
    assert len(word) == 4
    assert "+62 811 2345 678" in said(place.client.get("/wait", query_string={"flow": flow, "lang": "en"}))
    assert write(place, f"masuk {word}").status_code == 200
    page = place.client.get("/wait", query_string={"flow": flow, "lang": "en"})
    assert "Your message has come in" in said(page)
    assert "Refresh" not in page.headers
    assert is_let_in(place.connect("reverse-otp", flow))
    [grant] = place.grants()
    assert (grant["way"], grant["client"]) == ("reverse-otp", clients.of_number(KEY, "+6281234567890"))
    assert place.provider.asked == []


def test_the_page_looks_by_itself_until_the_word_has_come(place: Place) -> None:
    flow = place.flow()
    place.connect("reverse-otp", flow)
    page = place.client.get("/wait", query_string={"flow": flow, "lang": "en"})
    assert page.headers["Refresh"].startswith("5; url=/wait?flow=")


def test_a_closed_mini_browser_finds_its_word_again(place: Place) -> None:
    flow = place.flow()
    place.connect("reverse-otp", flow)
    word = word_of(place, flow)
    again = place.flow()
    assert word_of(place, again) == word
    write(place, f"MASUK {word}")
    assert is_let_in(place.connect("reverse-otp", again))


def test_two_phones_have_two_words_and_one_message_lets_one_in(place: Place) -> None:
    flows = [place.flow(f"02:11:22:33:44:{n:02x}") for n in range(20)]
    for flow in flows:
        place.connect("reverse-otp", flow)
    words = [word_of(place, flow) for flow in flows]
    assert len(set(words)) == 20
    write(place, f"Kirim MASUK {words[3]} ya")
    assert [is_let_in(place.connect("reverse-otp", flow)) for flow in flows] == [n == 3 for n in range(20)]


@pytest.mark.parametrize("key", ["another key", ""])
def test_an_unsigned_word_lets_nobody_in(place: Place, key: str) -> None:
    flow = place.flow()
    place.connect("reverse-otp", flow)
    assert write(place, f"MASUK {word_of(place, flow)}", key=key or "x").status_code == 403
    assert not is_let_in(place.connect("reverse-otp", flow))


@pytest.mark.parametrize("path", ["/webhooks/sms", "/webhooks/nobody", "/webhooks/wa"])
def test_nobody_else_has_a_webhook(place: Place, path: str) -> None:
    assert place.client.post(path, data=b"{}").status_code == 403
    assert place.client.get(path).status_code == 404


def test_a_word_ends_and_a_guessed_one_is_not_answered(place: Place) -> None:
    flow = place.flow()
    place.connect("reverse-otp", flow)
    word = word_of(place, flow)
    place.clock.at += 901
    for guessed in (word, "0000", "123456"):
        assert write(place, f"MASUK {guessed}").status_code == 200
    with place.store.reading() as connection:
        assert connection.execute(select(otps.c.confirmed_at)).scalars().all() == [None]
    assert place.provider.asked == []


def test_a_report_by_message_is_filed_and_answered_with_number_and_key(place: Place) -> None:
    write(place, "LAPOR alun-alun kutoarjo: wifi lambat sejak pagi")
    assert reports(place) == [
        ("alun-alun-kutoarjo", "whatsapp", "alun-alun kutoarjo: wifi lambat sejak pagi", "+6281234567890")
    ]
    [(_, _, body)] = place.provider.asked
    answer = json.loads(body)
    assert (answer["to"], answer["purpose"]) == ("+6281234567890", "answer")
    page = re.search(r"http://\S+", answer["message"])
    assert page is not None
    assert place.client.get(page[0].removeprefix("http://127.0.0.1:8080")).status_code == 200


def test_a_report_that_is_delivered_twice_is_one(place: Place) -> None:
    for _ in range(2):
        write(place, "lapor museum, tidak bisa login")
    assert len(reports(place)) == 1
    write(place, "lapor museum, tidak bisa login", name="8")
    assert len(reports(place)) == 2


def test_a_report_without_a_place_is_asked_where(place: Place) -> None:
    write(place, "LAPOR wifi mati")
    assert reports(place) == []
    assert "Museum Tosan Aji" in json.loads(place.provider.asked[0][2])["message"]


def test_anything_else_is_taken_and_forgotten(place: Place) -> None:
    for text in ("", "halo", "PROMO masuk sekarang", "LAPOR", "<script>", "MASUK"):
        assert write(place, text).status_code == 200
    assert (reports(place), place.provider.asked) == ([], [])


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_the_octets_that_were_signed_are_read_whatever_type_they_say_to_be(place: Place, kind: str) -> None:
    flow = place.flow()
    place.connect("reverse-otp", flow)
    assert write(place, f"MASUK {word_of(place, flow)}", kind=kind).status_code == 200
    assert is_let_in(place.connect("reverse-otp", flow))


def test_a_letter_that_is_far_too_long_is_refused(place: Place) -> None:
    assert write(place, "LAPOR museum " + "x" * 20_000).status_code == 200
    assert write(place, "x" * 300_000).status_code == 413
