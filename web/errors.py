"""Errors in a person's words: what happened and what to do, never a code alone or a traceback."""

from __future__ import annotations

import logging

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException, InternalServerError

from hotspot.log import event
from hotspot.store import StoreAway

log = logging.getLogger(__name__)

Answer = tuple[str, int] | tuple[str, int, dict[str, str]]


def speak_to_people(app: Flask) -> None:
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(InternalServerError, _broken)
    for kind in StoreAway:
        app.register_error_handler(kind, _store_away)


def _refused(error: HTTPException) -> Answer | HTTPException:
    code = error.code or 500
    if code < 400:
        return error  # a redirect that was raised
    return render_template("error.html", code=code), code


def _broken(error: InternalServerError) -> Answer:
    original = error.original_exception
    event(log, logging.ERROR, "page failed", error=type(original).__name__ if original else "abort")
    return render_template("error.html", code=500), 500


def _store_away(error: Exception) -> Answer:
    event(log, logging.ERROR, "database away", error=type(error).__name__)
    return render_template("error.html", code=503), 503, {"Retry-After": "30"}
