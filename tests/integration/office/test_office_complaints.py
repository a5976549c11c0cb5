"""A complaint's way: typed in, passed on by real mail and webhook, answered by link, escalated, published."""

from __future__ import annotations

import email
import hmac
import json
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import complaints
from office import accounts, answer_texts, courier, staff_sessions
from office.app import create_app
from office.complaint_form import SHORTEST
from office.desk import Desk
from office.outside import MailServer, Outside, Webhook
from office.roles import Role
from tests.conftest import FixedClock
from tests.integration.office import town
from tests.peers.process import free_port

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC).timestamp()
CSRF = "the-forms-own-token"
HOOK_KEY = Secret("h" * 32)
BY_HAND = {
    "channel": "facebook",
    "site": "romansa-kuliner",
    "text": "Wi-Fi di dekat warung soto putus-putus tiap malam.",
    "received": "2026-11-24T15:00",
    "place": "dekat warung soto",
    "link": "https://www.facebook.com/groups/1/posts/2",
    "contact": "Bu Tini 081234567890",
}


class Letters:
    """A mail server of ours: what came in, as messages."""

    def __init__(self) -> None:
        self.came: list[tuple[list[str], email.message.EmailMessage]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        message = email.message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.came.append((envelope.rcpt_tos, message))
        return "250 OK"


@pytest.fixture
def letters() -> Iterator[tuple[Letters, MailServer]]:
    kept, port = Letters(), free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, MailServer("127.0.0.1", port, "wifi@example.go.id", starttls=False)
    controller.stop()


@pytest.fixture
def hook() -> Iterator[tuple[list[tuple[str, bytes]], Webhook]]:
    """A web server that keeps what is posted to it, with its signature."""
    came: list[tuple[str, bytes]] = []

    class Keeper(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.headers["X-Hotspot-Signature"], body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = HTTPServer(("127.0.0.1", 0), Keeper)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield came, Webhook(f"http://127.0.0.1:{server.server_port}/", HOOK_KEY)
    server.shutdown()
    server.server_close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def app(
    store: Store,
    sites: Sites,
    clock: FixedClock,
    letters: tuple[Letters, MailServer],
    hook: tuple[list[tuple[str, bytes]], Webhook],
) -> Flask:
    town.fill(store, sites, NOW)
    outside = Outside(url="https://kantor.example.go.id", mail=letters[1], webhook=hook[1])
    return create_app(sites, store, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK, outside=outside)


def member(app: Flask, store: Store, name: str, role: Role, opd: str | None = None) -> FlaskClient:
    client = app.test_client()
    with store.writing() as connection:
        accounts.create(connection, name, "hash", NOW, role=role, opd=opd)
        token = staff_sessions.begin(connection, name, NOW)
    with client.session_transaction() as cookie:
        cookie.update(token=token, csrf=CSRF)
    return client


def stranger(app: Flask) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["csrf"] = CSRF
    return client


def post(client: FlaskClient, path: str, **form: object) -> TestResponse:
    return client.post(path, data={"csrf": CSRF, **form})


def reply_path(text: str) -> str:
    found = re.search(r"https://kantor\.example\.go\.id(/reply/\S+)", text)
    assert found
    return found[1]


def test_a_complaint_from_facebook_keeps_its_clock_from_when_it_was_received(app: Flask, store: Store) -> None:
    budi = member(app, store, "budi", Role.COMPLAINTS)
    made = post(budi, "/complaints/new", **BY_HAND)

    with store.reading() as connection:
        row = connection.execute(select(complaints).order_by(complaints.c.id.desc())).first()
    assert row is not None
    assert (row.channel, row.entered_by, row.received_at) == ("facebook", "budi", int(NOW) - 4 * 3600 - 1800)
    page = budi.get(made.location).text
    assert "sisa 43 jam" in page
    assert "dekat warung soto" in page
    assert "081234567890" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"received": "2026-11-24T20:00"},
        {"received": "2026-10-01T08:00"},
        {"link": "javascript:alert(1)"},
        {"text": "x"},
    ],
)
def test_what_cannot_be_is_sent_back_with_what_was_typed(app: Flask, store: Store, wrong: dict[str, str]) -> None:
    answer = post(member(app, store, "budi", Role.COMPLAINTS), "/complaints/new", **{**BY_HAND, **wrong})

    assert answer.status_code == 422
    assert 'value="dekat warung soto"' in answer.text


def test_an_opd_answers_by_the_link_in_its_mail_and_the_operator_publishes(
    app: Flask,
    store: Store,
    letters: tuple[Letters, MailServer],
    hook: tuple[list[tuple[str, bytes]], Webhook],
) -> None:
    budi = member(app, store, "budi", Role.COMPLAINTS)
    assert post(budi, "/complaints/1/forward", opd="rsud").location == "/complaints/1"

    (to, letter), *_ = letters[0].came
    assert to == ["rsud@example.go.id"]
    assert letter["Subject"] == "Aduan Wi-Fi nomor 1: mohon jawaban"
    assert "Kamis, 26 November 2026 pukul 16.30 WIB" in letter.get_content()
    (signature, body), *_ = hook[0]
    assert signature == "sha256=" + hmac.digest(HOOK_KEY.octets, body, "sha256").hex()
    assert (json.loads(body)["event"], json.loads(body)["opd"]) == ("forwarded", "rsud")

    path = reply_path(letter.get_content())
    opd = stranger(app)
    assert "Halaman masuk tidak muncul" in opd.get(path).text
    assert post(opd, path, answer="Sudah kami periksa, silakan coba lagi.").status_code == 200
    assert "sudah dijawab" in post(opd, path, answer="Jawaban yang kedua kali.").text
    assert "silakan coba lagi" not in opd.get("/answers").text

    post(budi, "/complaints/1/publish")
    feed = ET.fromstring(opd.get("/answers.rss").text)  # noqa: S314 - our own feed
    assert [item.findtext("guid") for item in feed.iter("item")] == ["complaint-1"]
    assert "silakan coba lagi" in opd.get("/answers").text
    assert "[Aduan 1] Museum Tosan Aji" in budi.get("/complaints/1").text


def test_a_link_is_good_for_its_complaint_its_opd_and_its_time_only(
    app: Flask, store: Store, letters: tuple[Letters, MailServer], clock: FixedClock
) -> None:
    budi = member(app, store, "budi", Role.COMPLAINTS)
    post(budi, "/complaints/1/forward", opd="rsud")
    path = reply_path(letters[0].came[0][1].get_content())
    anybody = stranger(app)

    for forged in (path.replace("/reply/1", "/reply/2"), path.replace("rsud", "kominfo"), path[:-1] + "x", "/reply/1"):
        assert anybody.get(forged).status_code == 404, forged
    post(budi, "/complaints/1/forward", opd="kominfo")
    assert anybody.get(path).status_code == 404
    post(budi, "/complaints/1/forward", opd="rsud")
    clock.at += 15 * 86400
    assert anybody.get(path).status_code == 404


def test_a_responder_sees_and_answers_what_was_passed_to_that_opd(app: Flask, store: Store) -> None:
    budi, citra = member(app, store, "budi", Role.COMPLAINTS), member(app, store, "citra", Role.OPD, "rsud")
    post(budi, "/complaints/1/forward", opd="rsud")

    assert "Halaman masuk tidak muncul" in citra.get("/complaints").text
    assert "sisi timur" not in citra.get("/complaints").text
    assert citra.get("/complaints/2").status_code == 404
    assert post(citra, "/complaints/2/answer", answer="Bukan urusan kami sama sekali.").status_code == 404
    assert post(citra, "/complaints/1/answer", answer="Sudah kami periksa di lokasi.").status_code == 303
    assert "Sudah kami periksa" not in citra.get("/answers").text


def test_half_a_day_before_the_promise_is_broken_the_head_hears_of_it_once(
    app: Flask, store: Store, letters: tuple[Letters, MailServer], clock: FixedClock
) -> None:
    with store.writing() as connection:
        accounts.create(connection, "fajar", "hash", NOW, role=Role.HEAD)
        accounts.set_mail(connection, "fajar", "kadis@example.go.id")
    desk: Desk = app.extensions["office"]

    assert [courier.escalate(desk), courier.escalate(desk)] == [1, 0]  # number 2 has two hours left
    (to, letter), *_ = letters[0].came
    assert to == ["kadis@example.go.id"]
    assert letter["Subject"] == "Aduan Wi-Fi nomor 2 belum dijawab: sisa waktu 2 jam"
    clock.at += 34 * 3600
    assert courier.escalate(desk) == 1


def test_a_mail_server_that_is_away_leaves_the_link_to_copy(store: Store, sites: Sites, clock: FixedClock) -> None:
    town.fill(store, sites, NOW)
    outside = Outside(mail=MailServer("127.0.0.1", free_port(), "wifi@example.go.id", starttls=False))
    away = create_app(sites, store, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK, outside=outside)
    budi = member(away, store, "budi", Role.COMPLAINTS)

    done = post(budi, "/complaints/1/forward", opd="rsud")

    page = budi.get(done.location).text
    assert "gagal dikirim lewat: mail" in page
    link = re.search(r'value="(http://localhost/reply/[^"]+)"', page)
    assert link
    path = urlsplit(link[1].replace("&amp;", "&"))
    assert stranger(away).get(f"{path.path}?{path.query}").status_code == 200


def test_an_operator_begins_with_a_text_that_fits_and_edits_it(app: Flask, store: Store) -> None:
    budi = member(app, store, "budi", Role.COMPLAINTS)

    def prefilled(number: int, kind: str) -> str:
        page = budi.get(f"/complaints/{number}?text={kind}").text
        found = re.search(r'<textarea id="answer"[^>]*>([^<]*)</textarea>', page)
        assert found
        return found[1]

    for kind in answer_texts.fitting(None):
        text = prefilled(1, kind)
        assert "Museum Tosan Aji" in text, kind
        assert SHORTEST <= len(text) <= 400, kind
        assert "%(" not in text, kind
    assert prefilled(1, "hours").count("08.00-16.00") == 1
    assert prefilled(1, "") == prefilled(1, "repaired") == prefilled(1, "<script>") == ""

    with store.writing() as connection:
        connection.execute(update(complaints).where(complaints.c.id == 1).values(incident=1))
    assert "terganggu sejak 24 November 2026 18.00" in prefilled(1, "known")
    assert prefilled(1, "repaired") == ""  # it goes on
    post(budi, "/complaints/1/answer", answer=prefilled(1, "known") + " Mohon maaf.")
    assert "Mohon maaf." in budi.get("/answers").text
