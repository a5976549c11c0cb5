"""Forms of a room with sessions carry a token that only its own pages know (the portal's signed flow needs none)."""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, abort, request, session
from markupsafe import Markup

from hotspot.secret import Secret

FIELD = "csrf"
_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))


def protect(app: Flask, key: Secret) -> None:
    app.secret_key = key.octets
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Strict", SESSION_COOKIE_NAME="session")

    @app.before_request
    def check() -> None:
        if request.method not in _SAFE and not _fits(request.form.get(FIELD, "")):
            abort(400)

    app.jinja_env.globals["csrf_field"] = field


def token() -> str:
    """This session's token, made at its first form."""
    return str(session.setdefault(FIELD, secrets.token_urlsafe(16)))


def field() -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token())


def _fits(given: str) -> bool:
    expected = session.get(FIELD)
    return isinstance(expected, str) and hmac.compare_digest(expected.encode(), given.encode())
