"""Each way in with a real browser without JavaScript: portal, RADIUS, the rehearsal's MikroTik, Start and Stop."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import delete, insert, select

from hotspot.secret import Secret
from hotspot.tables import batches, remembered, sessions, staff, vouchers
from hotspot.vouchers import client_of, code, hash_of
from tests.peers import browser
from tests.peers.house import ROOT, House, house
from tests.peers.process import wait_until
from tests.peers.provider import Provider, provider

NAS = "gw-alun-alun-besar"
NUMBER = "0812 3456 7890"
PASSWORD = "empat kata yang mudah"
HOOK = "hook key of the test"


@pytest.fixture(scope="module")
def told() -> Iterator[Provider]:
    with provider() as there:
        yield there


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, told: Provider) -> Iterator[House]:
    """The sample town, with every way but the tap at the square."""
    folder = tmp_path_factory.mktemp("ways")
    sender = f'{{id: wa, driver: plain-http, channel: whatsapp, url: "{told.url}", number: "+62 811 2345 678"}}'
    text = (ROOT / "sites.yaml").read_text()
    text = text.replace("ways: [tap]", "ways: [otp, reverse-otp, voucher, code, staff]", 1)
    text = text.replace("radius_down: known", "radius_down: known\n    grace: 3m", 1)
    text = re.sub(r"(?m)^messages:.*$", f"messages: {{senders: [{sender}], otp: {{a_month: 100}}}}", text)
    file = folder / "town.yaml"
    file.write_text(text)
    secrets = {"HOTSPOT_SENDER_WA": "wa key of the test", "HOTSPOT_SENDER_WA_HOOK": HOOK}
    with (
        house(folder, file, services=("portal", "radius"), environ=secrets) as built,
        built.service("lab", "--people", "0"),
    ):
        yield built


@pytest.fixture
def page() -> Iterator[Page]:
    phone: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "locale": "id-ID", "java_script_enabled": False}
    with sync_playwright() as driver, browser.chromium(driver, **phone) as opened:
        yield opened


@pytest.fixture
def door(home: House, page: Page) -> Iterator[Page]:
    """The Wi-Fi page of a phone that nobody knows; afterwards its visit ends."""
    with home.store() as store, store.writing() as connection:
        connection.execute(delete(remembered))
    page.goto(str(home.sites.nas[NAS].login_url))
    page.wait_for_url(f"{home.portal_url}/arrive/{NAS}*")
    yield page
    page.get_by_role("link", name="Putuskan").first.click()
    wait_until(lambda: all(row.stopped_at for row in stays(home)), "the Stop is accounted")


def stays(home: House) -> list[Any]:
    with home.store() as store, store.reading() as connection:
        query = select(sessions.c.way, sessions.c.client, sessions.c.stopped_at)
        return list(connection.execute(query.order_by(sessions.c.id)))


def came_in(home: House, page: Page, way: str) -> str | None:
    """Online by that way, as RADIUS accounted it; its client."""
    page.wait_for_url(f"{home.portal_url}/status*")
    wait_until(lambda: bool(stays(home)) and stays(home)[-1].stopped_at is None, "RADIUS accounts the Start")
    page.reload()
    assert "tersambung" in page.inner_text("body").lower()
    last = stays(home)[-1]
    assert last.way == way
    return str(last.client)


def go_on(home: House, page: Page) -> None:
    """The short visit ends; the router sends the phone back, which is known by now."""
    page.click("#connect")
    page.locator("#moment").wait_for()
    page.wait_for_url(f"{home.portal_url}/arrive/{NAS}*", timeout=15_000)
    page.click("#connect")


def open_way(page: Page, name: str) -> None:
    page.locator("summary", has_text=name).click()


def write(home: House, text: str) -> None:
    """The visitor's message, as its provider passes it on."""
    body = json.dumps({"from": "+6281234567890", "text": text, "id": text}).encode()
    signature = "sha256=" + hmac.new(HOOK.encode(), body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(f"{home.portal_url}/webhooks/wa", body, {"X-Signature-256": signature})  # noqa: S310 - our own portal
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        assert answer.status == 200


def test_a_code_by_message(home: House, door: Page, told: Provider) -> None:
    door.fill("#number", NUMBER)
    door.click("#connect")
    door.wait_for_url(f"{home.portal_url}/wait*")
    wait_until(lambda: bool(told.asked), "the message is handed in")
    door.goto(str(home.sites.nas[NAS].login_url))  # the mini-browser was closed to read it
    door.wait_for_url(f"{home.portal_url}/wait*")
    door.fill("#code", json.loads(told.asked[-1][2])["code"])
    go_on(home, door)
    came_in(home, door, "otp")


def test_a_message_from_the_visitor(home: House, door: Page) -> None:
    open_way(door, "Dengan pesan")
    door.click("#connect-reverse-otp")
    door.wait_for_url(f"{home.portal_url}/wait*")
    write(home, door.inner_text("#message"))
    door.locator("text=Pesan Anda sudah kami terima").wait_for(timeout=15_000)  # the page looks by itself
    go_on(home, door)
    came_in(home, door, "reverse-otp")


def test_a_voucher(home: House, door: Page) -> None:
    key = home.secrets.read("voucher-key")
    text = voucher(home, key)
    open_way(door, "Dengan voucer")
    door.fill("#voucher-code", "000 000 000")
    door.click("#connect-voucher")
    assert "Kesempatan" in door.inner_text("#wrong") or "lagi" in door.inner_text("#wrong")
    door.fill("#voucher-code", f"{text[:3]} {text[3:6]} {text[6:]}")
    door.click("#connect")
    assert came_in(home, door, "voucher") == client_of(key, text)


def test_staff_and_their_return_code(home: House, door: Page) -> None:
    hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    with home.store() as store, store.writing() as connection:
        row = {"name": "rini", "password_hash": hashed, "role": "network-admin", "created_at": 0}
        connection.execute(insert(staff).values(row))
    open_way(door, "Untuk petugas")
    door.fill("#staff-name", "rini")
    door.fill("#staff-password", PASSWORD)
    door.click("#connect-staff")
    client = came_in(home, door, "staff")
    shown = door.inner_text("#return-code .figure")
    door.get_by_role("link", name="Putuskan").first.click()
    wait_until(lambda: all(row.stopped_at for row in stays(home)), "the Stop is accounted")
    with home.store() as store, store.writing() as connection:
        connection.execute(delete(remembered))  # as if the phone had another MAC now
    door.goto(str(home.sites.nas[NAS].login_url))
    open_way(door, "Dengan kode kembali")
    door.fill("#return-code", shown)
    door.click("#connect-code")
    assert came_in(home, door, "staff") == client


def voucher(home: House, key: Secret) -> str:
    """The only voucher of a batch that is good for a day."""
    now, text = int(home.now()), code(key, "a1", 1)
    terms = {
        "id": 1, "label": "x", "devices": 1, "valid_seconds": 86400, "valid_from": now - 10,
        "valid_until": now + 864000, "salt": "a1", "created_by": "x", "created_at": now,
    }  # fmt: skip
    with home.store() as store, store.writing() as connection:
        connection.execute(insert(batches).values(terms))
        row = {"batch": 1, "serial": 1, "spent_seconds": 0, "spent_octets": 0}
        hashes = {"hash": hash_of(key, text), "client": client_of(key, text)}
        connection.execute(insert(vouchers).values(row | hashes))
    return text
