"""A portal whose places offer every way in, with a message provider, vouchers and staff."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from captive_portal.app import create_app
from captive_portal.ways import WAYS
from hotspot.command import Settings
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.sites.messages import Messages
from hotspot.store import Store
from hotspot.tables import batches, grants, staff, vouchers
from hotspot.vouchers import client_of, code, hash_of
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import MIKROTIK, MORNING, flow_of, mikrotik
from tests.peers.provider import Provider, provider

VOUCHER_KEY = Secret("voucher key of the test")
HOOK = "hook key of the test"
PASSWORD = "empat kata yang mudah"
MORE_SECRETS = {
    "HOTSPOT_VOUCHER_KEY": VOUCHER_KEY.reveal(),
    "HOTSPOT_SENDER_SMS": "sms key of the test",
    "HOTSPOT_SENDER_WA": "wa key of the test",
    "HOTSPOT_SENDER_WA_HOOK": HOOK,
}


@dataclass
class Place:
    """The portal as a visitor with one MAC and one NAS meets it."""

    client: FlaskClient
    store: Store
    clock: FixedClock
    sites: Sites
    provider: Provider

    def flow(self, mac: str = "02:11:22:33:44:55", nas: str = MIKROTIK) -> str:
        answer = self.client.get(mikrotik(mac, nas) + "&lang=en")
        assert answer.status_code == 200, answer.text
        return flow_of(answer.text)

    def connect(self, way: str, flow: str = "", **entered: str) -> TestResponse:
        form = {"flow": flow or self.flow(), "way": way, "lang": "en", **entered}
        answer = self.client.post("/connect", data=form)
        self.outbox.drain()
        return answer

    @property
    def outbox(self) -> Any:
        return self.client.application.extensions["reception"].outbox

    def grants(self) -> list[dict[str, Any]]:
        with self.store.reading() as connection:
            rows = connection.execute(select(grants).order_by(grants.c.minted_at, grants.c.id)).mappings()
            return [dict(row) for row in rows]

    def last_code(self) -> str:
        """What the provider was last asked to carry."""
        return str(json.loads(self.provider.asked[-1][2])["code"])


def is_let_in(answer: TestResponse) -> bool:
    return answer.status_code == 303 and answer.headers["Location"].startswith("http://127.66.2.1:8180/login?")


def said(answer: TestResponse) -> str:
    """The page's words on one line."""
    body = re.sub(r"<style>.*?</style>", "", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def with_ways(sites: Sites, url: str, *ways: str, **otp: Any) -> Sites:
    umum = sites.policies["umum"].model_copy(update={"ways": ways or tuple(way for way in WAYS if way != "again")})
    senders = [
        {"id": "sms", "driver": "plain-http", "channel": "sms", "url": url},
        {"id": "wa", "driver": "plain-http", "channel": "whatsapp", "url": url, "number": "+62 811 2345 678"},
    ]
    messages = Messages.model_validate({"senders": senders, "otp": {"a_month": 3000, **otp}})
    kept = {name: getattr(sites, name) for name in Sites.model_fields}
    return Sites.model_construct(**kept | {"policies": {**sites.policies, "umum": umum}, "messages": messages})


def place_on(settings: Settings, sites: Sites, store: Store, clock: FixedClock, told: Provider) -> Place:
    clock.at = MORNING
    environ = {**settings.environ, **MORE_SECRETS}
    app = create_app(replace(settings, environ=environ), sites, clock, store)
    return Place(app.test_client(), store, clock, sites, told)


@pytest.fixture
def there() -> Iterator[Provider]:
    with provider() as told:
        yield told


@pytest.fixture
def place(settings: Settings, town: Sites, store: Store, clock: FixedClock, there: Provider) -> Place:
    return place_on(settings, with_ways(town, there.url), store, clock, there)


@pytest.fixture
def batch(place: Place) -> dict[str, Any]:
    """Ten vouchers of one day each."""
    terms = {
        "id": 1, "label": "Hari Jadi", "site": None, "seconds": None, "octets": None, "up": None, "down": None,
        "devices": 1, "valid_seconds": 86400, "valid_from": int(MORNING) - 10, "valid_until": int(MORNING) + 30 * 86400,
        "salt": "a1b2", "created_by": "rini", "created_at": int(MORNING) - 10, "revoked_at": None,
    }  # fmt: skip
    with place.store.writing() as connection:
        connection.execute(insert(batches).values(terms))
        for serial in range(10):
            text = code(VOUCHER_KEY, "a1b2", serial)
            row = {"batch": 1, "serial": serial, "spent_seconds": 0, "spent_octets": 0}
            hashed = {"hash": hash_of(VOUCHER_KEY, text), "client": client_of(VOUCHER_KEY, text)}
            connection.execute(insert(vouchers).values(row | hashed))
    return terms


@pytest.fixture
def rini(place: Place) -> str:
    """A member of staff with a cheap hash."""
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    row = {"name": "rini", "password_hash": hashed, "role": "network-admin", "created_at": 0}
    with place.store.writing() as connection:
        connection.execute(insert(staff).values(row))
    return "rini"
