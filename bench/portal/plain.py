"""The peer: a plain Flask and Jinja login page with a CSRF cookie and one SELECT, as one would write it in a day.

Like the page of the first measurements it has more than 5 kB, and Jinja takes longest.

Run by gunicorn as bench.portal.plain:app; PLAIN_DATABASE names its SQLite file.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading

from flask import Flask, Response, make_response, request

PLACES = [f"Place number {number}" for number in range(30)]
TEMPLATE = """<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{{ site }}</title>
<style>{% for size in range(40) %}.s{{ size }}{margin:{{ size }}px;padding:{{ size * 2 }}px;color:#0b6156}
{% endfor %}</style></head><body><h1>Selamat datang di {{ site }}</h1><form method="post" action="/connect">
<input type="hidden" name="csrf" value="{{ csrf }}"><input type="hidden" name="mac" value="{{ mac }}">
<button>Sambungkan</button></form><ul>
{% for place in places %}
<li><a href="/place/{{ loop.index }}?mac={{ mac }}">{{ place }}</a> <small>{{ mac }}</small></li>
{% endfor %}</ul></body></html>"""


def make() -> Flask:
    """The template is compiled once and each thread keeps its connection: nothing is slow on purpose."""
    made, kept = Flask(__name__), threading.local()
    template = made.jinja_env.from_string(TEMPLATE)

    def database() -> sqlite3.Connection:
        if not hasattr(kept, "connection"):
            kept.connection = sqlite3.connect(os.environ["PLAIN_DATABASE"])
        connection: sqlite3.Connection = kept.connection
        return connection

    @made.get("/login")
    def login() -> Response:
        site = database().execute("SELECT name FROM sites WHERE id = ?", ("alun-alun",)).fetchone()[0]
        csrf = secrets.token_urlsafe(16)
        mac = request.args.get("mac", "")
        answer = make_response(template.render(site=site, csrf=csrf, mac=mac, places=PLACES))
        answer.set_cookie("csrf", csrf, httponly=True, samesite="Lax")
        return answer

    return made


app = make() if "PLAIN_DATABASE" in os.environ else None
