"""Each provider's webhook at the portal: its signed letter lets in and files a report, an unsigned one does neither."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from captive_portal.app import create_app
from hotspot import clients
from hotspot.command import Settings
from hotspot.secret import Secret
from hotspot.senders import LISTENERS, twilio_verify
from hotspot.sites import Sites
from hotspot.sites.messages import Messages
from hotspot.store import Store
from hotspot.tables import complaints
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import MORNING, SECRETS
from tests.integration.captive_portal.ways.conftest import Place, is_let_in, said, with_ways
from tests.peers.provider import Provider

KEY = Secret(SECRETS["HOTSPOT_GRANT_KEY"])
NUMBER = "6281234567890"
ACCOUNT = {"account": "AC-1056", "service": "VA77", "template": "kode_wifi", "version": "v23.0"}
HOOK = "rahasia kait"


@dataclass(frozen=True)
class Sending:
    """What a provider posts: to which address behind the webhook's, with which headers and body."""

    query: str
    headers: dict[str, str]
    body: bytes


def sealed(key: str, body: bytes) -> str:
    return "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def whatsapp(text: str, key: str = HOOK) -> Sending:
    message = {"from": NUMBER, "id": f"wamid.{text[:9]}", "type": "text", "text": {"body": text}}
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "AC-1056"}, "messages": [message]}
    body = json.dumps(
        {"object": "x", "entry": [{"id": "0", "changes": [{"field": "messages", "value": value}]}]}
    ).encode()
    return Sending("", {"X-Hub-Signature-256": sealed(key, body), "Content-Type": "application/json"}, body)


def fonnte(text: str, key: str = HOOK) -> Sending:
    body = json.dumps({"device": "628111", "sender": NUMBER, "message": text, "name": "x"}).encode()
    return Sending(f"?{urlencode({'key': key})}", {"Content-Type": "application/json"}, body)


def twilio(text: str, key: str = HOOK) -> Sending:
    form = {"From": f"whatsapp:+{NUMBER}", "Body": text, "MessageSid": f"SM{text[:9]}", "To": "whatsapp:+628"}
    sign = twilio_verify.signature("http://127.0.0.1:8080/webhooks/twilio-verify", form, Secret(key))
    headers = {"X-Twilio-Signature": sign, "Content-Type": "application/x-www-form-urlencoded"}
    return Sending("", headers, urlencode(form).encode())


def plain(text: str, key: str = HOOK) -> Sending:
    body = json.dumps({"from": f"+{NUMBER}", "text": text, "id": text[:9]}).encode()
    return Sending("", {"X-Signature-256": sealed(key, body), "Content-Type": "application/json"}, body)


WRITERS: dict[str, Callable[..., Sending]] = {
    "whatsapp-cloud": whatsapp,
    "fonnte": fonnte,
    "twilio-verify": twilio,
    "plain-http": plain,
}


@pytest.fixture
def place(settings: Settings, town: Sites, store: Store, clock: FixedClock, there: Provider) -> Place:
    """With an account at every provider that brings letters, each under its driver's name."""
    sites = with_ways(town, there.url, "reverse-otp")
    senders: list[dict[str, Any]] = [
        {
            "id": driver,
            "driver": driver,
            "channel": "whatsapp",
            "url": there.url,
            "number": "+62 811 2345 678",
            **ACCOUNT,
        }
        for driver in WRITERS
    ]
    kept = {name: getattr(sites, name) for name in Sites.model_fields}
    messages = Messages.model_validate({"senders": senders, "otp": {"a_month": 3000}})
    names = [f"HOTSPOT_SENDER_{driver.upper().replace('-', '_')}" for driver in WRITERS]
    keys = {f"{name}{suffix}": HOOK for name in names for suffix in ("", "_APP", "_VERIFY", "_HOOK")}
    clock.at = MORNING
    environ = {**settings.environ, **keys}
    app = create_app(
        replace(settings, environ=environ), Sites.model_construct(**kept | {"messages": messages}), clock, store
    )
    return Place(app.test_client(), store, clock, sites, there)


def post(place: Place, driver: str, sending: Sending) -> TestResponse:
    answer = place.client.post(f"/webhooks/{driver}{sending.query}", data=sending.body, headers=sending.headers)
    place.outbox.drain()
    return answer


def test_every_provider_that_brings_letters_is_tried() -> None:
    assert set(WRITERS) == set(LISTENERS)


@pytest.mark.parametrize("driver", WRITERS)
def test_a_signed_word_lets_its_phone_in_and_an_unsigned_one_does_not(place: Place, driver: str) -> None:
    flow = place.flow()
    place.connect("reverse-otp", flow)
    found = re.search(r"MASUK (\d+)", said(place.client.get("/wait", query_string={"flow": flow, "lang": "en"})))
    assert found
    forged = WRITERS[driver](found[0], key="another")
    assert post(place, driver, forged).status_code == 403
    bare = replace(forged, query="", headers={"Content-Type": forged.headers["Content-Type"]})
    assert post(place, driver, bare).status_code == 403
    assert place.connect("reverse-otp", flow).headers["Location"].startswith("/wait")
    assert post(place, driver, WRITERS[driver](f"kirim {found[0].lower()}")).status_code == 200
    assert is_let_in(place.connect("reverse-otp", flow))
    assert place.grants()[0]["client"] == clients.of_number(KEY, f"+{NUMBER}")


@pytest.mark.parametrize("driver", WRITERS)
def test_a_signed_report_is_filed_once_and_answered(place: Place, driver: str) -> None:
    report = WRITERS[driver]("LAPOR museum tosan aji: tidak bisa login")
    assert post(place, driver, WRITERS[driver]("LAPOR museum: palsu", key="another")).status_code == 403
    assert {post(place, driver, report).status_code for _ in range(2)} == {200}
    with place.store.reading() as connection:
        rows = connection.execute(select(complaints.c.site, complaints.c.text, complaints.c.channel)).all()
    assert [tuple(row) for row in rows] == [("museum-tosan-aji", "museum tosan aji: tidak bisa login", "whatsapp")]
    if driver != "twilio-verify":  # which sends codes alone
        assert "1" in place.provider.asked[-1][2].decode()
