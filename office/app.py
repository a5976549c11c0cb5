"""The office as a Flask app: the porch's room, the login's guard, the pages and the open data."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask, g, request
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from hotspot.clock import Clock
from hotspot.metrics import Metrics
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store, StoreAway
from office import login, numbers, open_data
from office.desk import Desk, put
from office.pages import complaints, incidents, reports, sites, summary
from office.passwords import Passwords
from web.room import Porch, create_room

HERE = Path(__file__).parent


def health(store: Store) -> str | None:
    """What is wrong, or None."""
    try:
        with store.reading() as connection:
            connection.execute(select(1))
    except StoreAway:
        return "the database does not answer"
    return None


class _Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie, kept from plain http whenever the page came by https."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - the library's signature
        return request.is_secure


def create_app(
    town: Sites,
    store: Store,
    key: Secret,
    *,
    clock: Clock,
    wall: Clock,
    passwords: Passwords,
    ops_port: int | None = None,
) -> Flask:
    """``key`` signs the cookies; ``clock`` is the town's time, ``wall`` the machine's."""
    metrics = Metrics()
    logins = metrics.counter("hotspot_office_logins_total", "Logins to the console, by how they ended.", ["result"])
    porch = Porch(sites=town, clock=clock, metrics=metrics, healthy=lambda: health(store), ops_port=ops_port)
    app = create_room("office", porch, style=(HERE / "static" / "office.css").read_text(), session_key=key)
    app.session_interface = _Cookies()
    app.config.update(
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=login.LASTS),
        SESSION_REFRESH_EACH_REQUEST=False,  # or the page that reloads itself would stay logged in for ever
        SESSION_COOKIE_NAME="office",
    )
    put(app, Desk(town, store, clock, wall, key, passwords, lambda result: logins.labels(result).inc()))
    numbers.teach(app)
    login.guard(app)
    for part in (login, summary, sites, incidents, complaints, reports, open_data):
        app.register_blueprint(part.pages)
    app.context_processor(lambda: {"who": g.get("who")})
    return app
