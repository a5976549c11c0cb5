"""What a room gets from the porch: headers, languages, error pages, the ops listener, protected forms."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from flask import Flask, abort, render_template_string
from sqlalchemy.exc import OperationalError

from hotspot.metrics import Metrics
from hotspot.secret import Secret
from hotspot.sites import Sites
from tests.conftest import FixedClock
from web import csrf
from web.room import Porch, create_room

OPS = {"SERVER_PORT": "9810"}


class Sick:
    wrong: str | None = None

    def __call__(self) -> str | None:
        return self.wrong


@pytest.fixture
def sick() -> Sick:
    return Sick()


def room(sites: Sites, clock: FixedClock, sick: Sick, key: Secret | None = None) -> Flask:
    app = create_room("captive_portal", Porch(sites, clock, Metrics(), sick, 9810), style="i{}", session_key=key)

    @app.get("/page")
    def page() -> str:
        return render_template_string('{% extends "base.html" %}{% block main %}{{ word }}{% endblock %}', word="<b>")

    @app.get("/lost")
    def lost() -> str:
        raise OperationalError("SELECT", {}, Exception("gone"))

    @app.get("/broken")
    def broken() -> str:
        return str(1 // 0)

    @app.get("/many")
    def many() -> str:
        abort(429)

    @app.route("/form", methods=["GET", "POST"])
    def form() -> str:
        return str(csrf.field()) if key else "taken"

    return app


@pytest.fixture
def app(sites: Sites, clock: FixedClock, sick: Sick) -> Flask:
    return room(sites, clock, sick)


def test_the_policy_allows_exactly_the_one_inline_stylesheet_and_no_script(app: Flask) -> None:
    answer = app.test_client().get("/page")
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}';" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_names_its_language_and_links_to_itself_in_the_others(app: Flask) -> None:
    answer = app.test_client().get("/page?a=1%262&lang=en")
    assert '<html lang="en">' in answer.text
    assert 'href="/page?a=1%262&amp;lang=jv"' in answer.text
    assert "&lt;b&gt;" in answer.text


def test_sample_data_and_the_rehearsal_clock_are_said_on_the_page(app: Flask, clock: FixedClock) -> None:
    clock.rehearsal = True
    text = app.test_client().get("/page?lang=en").text
    assert "Sample data" in text
    assert "Rehearsal clock: 29 May 2026, 03:26" in text


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/nowhere", 404, "Halaman ini tidak ada"),
        ("/many", 429, "Terlalu banyak percobaan"),
        ("/lost", 503, "Catatan kami sedang tidak dapat dibuka"),
        ("/broken", 500, "Ada gangguan di pihak kami"),
    ],
)
def test_an_error_is_a_page_in_the_persons_language(app: Flask, path: str, code: int, words: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == code
    assert words in answer.text
    assert "Traceback" not in answer.text


def test_a_form_too_large_is_refused_with_a_page(app: Flask) -> None:
    answer = app.test_client().post("/form", data={"text": "x" * 20_000})
    assert answer.status_code == 413
    assert "Teksnya terlalu panjang" in answer.text


def test_ops_paths_answer_on_the_ops_port_only(app: Flask, sick: Sick) -> None:
    client = app.test_client()
    assert client.get("/metrics").status_code == 404
    assert client.get("/-/healthy").status_code == 404
    assert client.get("/page", environ_overrides=OPS).status_code == 404
    assert client.get("/metrics", environ_overrides=OPS).status_code == 200
    assert client.get("/-/healthy", environ_overrides=OPS).text == "healthy\n"
    sick.wrong = "the database is away"
    answer = client.get("/-/healthy", environ_overrides=OPS)
    assert (answer.status_code, answer.text) == (503, "the database is away\n")


def test_a_room_with_sessions_refuses_a_form_without_its_token(sites: Sites, clock: FixedClock, sick: Sick) -> None:
    client = room(sites, clock, sick, Secret("a key of the test")).test_client()
    assert client.post("/form").status_code == 400
    token = re.search(r'value="([^"]+)"', client.get("/form").text)
    assert token is not None
    assert client.post("/form", data={"csrf": token[1]}).status_code == 200
    assert client.post("/form", data={"csrf": token[1] + "x"}).status_code == 400
    stranger = room(sites, clock, sick, Secret("a key of the test")).test_client()
    assert stranger.post("/form", data={"csrf": token[1]}).status_code == 400


def test_a_room_with_sessions_remembers_the_language(sites: Sites, clock: FixedClock, sick: Sick) -> None:
    client = room(sites, clock, sick, Secret("a key of the test")).test_client()
    assert '<html lang="en">' in client.get("/page?lang=en").text
    assert '<html lang="en">' in client.get("/page").text


def test_scripts_are_forbidden_unless_the_room_brings_its_own(sites: Sites, clock: FixedClock, sick: Sick) -> None:
    porch = Porch(sites, clock, Metrics(), sick, 9810)
    without = create_room("captive_portal", porch).test_client().get("/none").headers["Content-Security-Policy"]
    own = create_room("captive_portal", porch, scripts=True).test_client().get("/none")

    assert "script-src" not in without
    assert "script-src 'self'; connect-src 'self'" in own.headers["Content-Security-Policy"]
    assert "unsafe" not in own.headers["Content-Security-Policy"]
