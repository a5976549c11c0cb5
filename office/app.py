"""The office as a Flask app: the porch's room, the login's guard, the pages and the open data."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, g, request
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from hotspot.clock import Clock
from hotspot.metrics import Metrics
from hotspot.passwords import Passwords
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store, StoreAway
from office import login, numbers, open_data, single_sign_on, staff_sessions
from office.accounts import Account
from office.desk import Desk, put
from office.guard import guard
from office.outside import Outside
from office.pages import (
    answers,
    audit,
    calendar,
    complaints,
    fibre,
    incidents,
    live,
    maintenance,
    me,
    nases,
    policies,
    replies,
    reports,
    sessions,
    sites,
    summary,
    users,
    vouchers,
)
from office.roles import may
from web.room import Porch, create_room

HERE = Path(__file__).parent
LARGEST_FORM = 64 * 1024  # octets: a list of vouchers from another system; what nginx lets through
PARTS = (
    *(login, live, me, summary, sites, fibre, incidents, maintenance, complaints, replies, answers),
    *(sessions, vouchers, nases, policies, calendar, users, audit, reports, open_data),
)


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
    outside: Outside | None = None,
    ops_port: int | None = None,
    anchor: Path | None = None,
) -> Flask:
    """``key`` signs the cookies; ``clock`` is the town's time, ``wall`` the machine's."""
    metrics = Metrics()
    logins = metrics.counter("hotspot_office_logins_total", "Logins to the console, by how they ended.", ["result"])
    porch = Porch(sites=town, clock=clock, metrics=metrics, healthy=lambda: health(store), ops_port=ops_port)
    style = (HERE / "static" / "office.css").read_text()
    app = create_room("office", porch, style=style, session_key=key, scripts=True)
    app.session_interface = _Cookies()
    app.config.update(
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=staff_sessions.LASTS),
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_NAME="office",
        MAX_CONTENT_LENGTH=LARGEST_FORM,
    )
    outside = outside or Outside()
    put(
        app, Desk(town, store, clock, wall, key, passwords, lambda result: logins.labels(result).inc(), outside, anchor)
    )
    numbers.teach(app)
    guard(app)
    single_sign_on.set_up(app, outside.provider)
    for part in PARTS:
        app.register_blueprint(part.pages)
    app.context_processor(_who)
    return app


def _who() -> dict[str, Any]:
    """Whose page it is, and what its menu may offer."""
    account: Account | None = g.get("account")
    role = account.role if account else None
    return {
        "account": account,
        "role": role.value if role else None,
        "may": lambda endpoint: role is not None and may(role, endpoint, reads=True),
    }
