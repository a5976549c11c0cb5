"""What anyone may read, the poster, and the pages of errors."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template

from tests.integration.captive_portal.conftest import Portal
from tests.integration.captive_portal.states.arrivals import NO_TAP, dark
from tests.integration.captive_portal.states.state import Show, State, asked, fetched, get

ERRORS = (400, 404, 405, 413, 429, 500, 503)


def error(code: int) -> Show:
    def show(portal: Portal, language: str) -> str:
        with asked(portal, language):
            return render_template("error.html", code=code)

    return show


def dark_venue(portal: Portal, language: str) -> str:
    dark(portal, language)
    return fetched(portal, "/venue/alun-alun-besar", language)


def states() -> Iterator[State]:
    yield State("home", "help.home", get("/"))
    yield State("services", "help.services", get("/services"))
    yield State("notice", "help.notice", get("/notice"))
    yield State("venue", "help.venue", get("/venue/museum-tosan-aji"))
    yield State("venue-closed", "help.venue", get("/venue/romansa-kuliner"))
    yield State("venue-dark", "help.venue", dark_venue, writes=True)
    yield State("poster", "help.poster", get("/poster/museum-tosan-aji"))
    yield State("poster-codes", "help.poster", get("/poster/museum-tosan-aji"), ways=NO_TAP)
    for code in ERRORS:
        yield State(f"error-{code}", "error", error(code))
