"""Let nobody past without a login that still holds and a role that the page is for; a page nobody named is closed."""

from __future__ import annotations

from flask import Flask, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from office import accounts, staff_sessions
from office.accounts import Account
from office.desk import Desk, the_desk
from office.roles import OPEN_BLUEPRINTS, STRONG, is_public, may

_SAFE = ("GET", "HEAD")
ENROLMENT = frozenset({"me.show", "me.enrol", "me.confirm", "login.leave"})  # open to who still owes a second factor


def guard(app: Flask) -> None:
    @app.before_request
    def check() -> Response | None:
        g.account = None
        if request.endpoint is None or request.blueprint in OPEN_BLUEPRINTS:
            return None
        desk = the_desk()
        g.account = _whoever(desk)
        if is_public(request.endpoint):
            return None
        if g.account is None:
            return _to_the_login()
        if not may(g.account.role, request.endpoint, reads=request.method in _SAFE):
            abort(403)
        if owes_a_factor(g.account, sample=desk.sites.sample) and request.endpoint not in ENROLMENT:
            return redirect(url_for("me.show"), 303)
        return None


def owes_a_factor(account: Account, *, sample: bool) -> bool:
    """Whether a role needs a second factor that the person has not set up yet; a rehearsal holds nothing real."""
    return account.role in STRONG and not account.enrolled and account.oidc_subject is None and not sample


def _to_the_login() -> Response:
    if request.method not in _SAFE:
        abort(401)
    return redirect(url_for("login.form", then=request.full_path.rstrip("?")))


def _whoever(desk: Desk) -> Account | None:
    token, now = session.get("token"), desk.wall.now()
    if not isinstance(token, str):
        return None
    with desk.store.reading() as connection:
        found = staff_sessions.find(connection, token)
        account = accounts.find(connection, found.name) if found else None
    if found is None or not staff_sessions.holds(found, account, now):
        return None
    if staff_sessions.is_stale(found, now) and not _renewed_itself():
        with desk.store.writing() as connection:
            staff_sessions.note(connection, found, now)
    return account


def _renewed_itself() -> bool:
    """A page that renews itself is no sign of a person; a wall screen is one that nobody sits at, and stays."""
    return request.headers.get("X-Live") == "1" or "auto" in request.args or request.endpoint == "live.events"
