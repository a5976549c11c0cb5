"""/wispr: where a smart client sends a name and a password, which it is told to bring by hand."""

from __future__ import annotations

from flask import Blueprint, Response

from captive_portal import wispr

WORDS = "Open a browser: one tap on the page lets you in"


def blueprint() -> Blueprint:
    pages = Blueprint("smart_client", __name__)
    pages.add_url_rule("/wispr", "login", _login, methods=["GET", "POST"])
    return pages


def _login() -> Response:
    return Response(wispr.refusal(WORDS), 200, mimetype="text/html")
