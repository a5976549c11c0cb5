"""Whatever is typed or posted: an answer in words, nothing of it as markup, nobody let in by it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from captive_portal.ways import WAYS
from hotspot.command import Settings
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import complaints, grants, guesses
from tests.conftest import FixedClock, as_service
from tests.integration.captive_portal.conftest import flow_of, mikrotik
from tests.integration.captive_portal.ways.conftest import Place, place_on, with_ways
from tests.integration.captive_portal.ways.test_letters import write
from tests.peers.provider import provider

FORM = "application/x-www-form-urlencoded"
TEXTS = {
    "NUL": "a\x00b",
    "escape": "\x1b[31m",
    "right to left": "\u202eevil",
    "astral": "𐀀👩‍👩‍👧‍👦",
    "combining": "Z̷͇̈́" * 40,
    "digits of another script": "٤٨٢٩١٣",
    "markup": '"><script>alert(1)</script>',
    "statement": "'; DROP TABLE grants; --",
    "template": "{{ 7 * 7 }}{% raw %}",
    "format": "%s%(n)s%n",
    "long": "x" * 12_000,
    "nothing": "",
}
FORMS = {
    "voucher": ("/connect", "code"),
    "code": ("/connect", "code"),
    "otp": ("/connect", "code"),
    "number": ("/connect", "number"),
    "staff": ("/connect", "name"),
    "password": ("/connect", "password"),
    "way": ("/connect", "way"),
    "flow": ("/connect", "flow"),
    "lang": ("/connect", "lang"),
    "channel": ("/connect", "channel"),
    "my data": ("/my-data/code", "code"),
    "delete": ("/my-data", "code"),
    "deleted grant": ("/my-data", "grant"),
    "extend": ("/extend", "grant"),
    "opinion": ("/opinion", "grade"),
    "report": ("/complaints", "text"),
    "report's place": ("/complaints", "site"),
    "report's contact": ("/complaints", "contact"),
    "authmon": ("/arrive/gw-nds", "payload"),
}
ADDRESSES = (
    "/v/{}", "/my-data/receipt/{}", "/complaints/1?key={}", "/complaints?number={}", "/status?grant={}", "/venue/{}",
    "/my-data?grant={}", "/my-data?flow={}", "/wait?flow={}", "/services?site={}", "/?lang={}", "/poster/{}", "/go/{}",
    "/guest/s/{}/",
    "/api/captive/gw-alun-alun-besar/{}", "/arrive/gw-alun-alun-besar?flow={}", "/complaints?site={}", "/webhooks/{}",
)  # fmt: skip


@pytest.fixture
def place(settings: Settings, town: Sites, postgres_store: Store, clock: FixedClock) -> Iterator[Place]:
    """On the stricter of the two stores, under the portal's own role."""
    with provider() as there:
        place = place_on(settings, with_ways(town, there.url), as_service(postgres_store, "portal"), clock, there)
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        place.client.application.extensions["reception"].passwords._hasher = cheap
        yield place


def sane(answer: TestResponse, text: str) -> None:
    assert answer.status_code < 500, text
    assert "<script" not in answer.text
    assert "49" not in re.findall(r"<p>(\d+)", answer.text)
    assert answer.headers.get("Location", "/").startswith(("/", "http://127.66.", "http://127.0.0.1:8080/")), text


def nobody_came_in(place: Place) -> None:
    with place.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(grants)).scalar() == 0


def test_every_form_bears_every_text(place: Place, postgres_store: Store) -> None:
    flows = {name: place.flow(f"02:00:00:00:00:{number:02x}") for number, name in enumerate(TEXTS)}
    for what, (path, field) in FORMS.items():
        way = {"password": "staff", "number": "otp"}.get(what, what if what in WAYS else "code")
        for name, text in TEXTS.items():
            form = {"flow": flows[name], "way": way, "name": "rini", "nonce": "n" * 16, "site": "alun-alun-besar"}
            form |= {"text": "x", "lang": "id", field: text}
            sane(place.client.post(path, data=form), f"{what}: {name}")
            place.outbox.drain()
        with postgres_store.writing() as connection:
            connection.execute(delete(guesses))  # each text shall come as far as the check
    nobody_came_in(place)


def test_every_address_bears_every_text(place: Place) -> None:
    for pattern in ADDRESSES:
        for name, text in TEXTS.items():
            path, _, query = pattern.partition("?")
            field = query.partition("=")[0]
            answer = place.client.get(
                path.format(text.replace("/", "%2F").replace("?", "%3F").replace("%(", "%25(")[:4000] or "-"),
                query_string={field: text} if field else None,
            )
            sane(answer, f"{pattern}: {name}")


def test_a_letter_with_half_a_character_and_a_nul_is_filed(place: Place) -> None:
    assert write(place, "LAPOR museum \x00 \ud800 tidak bisa").status_code == 200
    with place.store.reading() as connection:
        assert connection.execute(select(complaints.c.text)).scalar_one() == "museum  ? tidak bisa"


def test_a_form_that_is_too_large_is_refused_in_words(place: Place) -> None:
    for path in ("/connect", "/my-data", "/my-data/code", "/complaints", "/extend", "/opinion"):
        answer = place.client.post(path, data={"text": "x" * 20_000, "flow": "y" * 20_000})
        assert answer.status_code == 413, path
        assert 'id="home"' in answer.text or "<h1>" in answer.text
    many = place.client.post("/connect", data="&".join(f"f{n}=1" for n in range(1500)), content_type=FORM)
    assert many.status_code in (400, 413)


def test_of_two_fields_with_one_name_the_first_counts_everywhere(place: Place) -> None:
    own, other = place.flow("02:00:00:00:00:01"), place.flow("02:00:00:00:00:02")
    body = f"flow={own}&flow={other}&way=voucher&way=tap&code=1"
    assert place.client.post("/connect", data=body, content_type=FORM).status_code == 403
    nobody_came_in(place)
    body = f"flow={own}&flow={other}&way=tap&way=staff"
    assert place.client.post(f"/connect?flow={other}&way=staff", data=body, content_type=FORM).status_code == 303
    assert [grant["mac"] for grant in place.grants()] == ["020000000001"]
    page = place.client.get(f"{mikrotik('02:00:00:00:00:03')}&mac=02:00:00:00:00:04")
    place.client.post("/connect", data={"flow": flow_of(page.text), "way": "tap"})
    assert {grant["mac"] for grant in place.grants()} == {"020000000001", "020000000003"}
