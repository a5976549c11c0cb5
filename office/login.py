"""The door of the console: a name and a password, a signed cookie for twelve hours, and out by a button."""

from __future__ import annotations

import logging
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from hotspot.log import event
from office import accounts, throttle
from office.accounts import Account
from office.desk import Desk, the_desk
from office.passwords import fingerprint

LASTS = 12 * 3600  # seconds from the login, however busy the pages are
PUBLIC = ("login.form", "login.enter")  # everything else needs a login, except the open data
OPEN_BLUEPRINTS = ("open_data",)

log = logging.getLogger(__name__)
pages = Blueprint("login", __name__)


@pages.get("/login")
def form() -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        nobody = accounts.how_many(connection) == 0
    return render_template("login.html", nobody=nobody, then=local_path(request.args.get("then", "")))


@pages.post("/login")
def enter() -> Response | tuple[str, int]:
    desk = the_desk()
    name, then = request.form.get("name", "").strip().lower(), local_path(request.form.get("then", ""))
    wait, account = _attempt(desk, name, request.form.get("password", ""))
    if account is None:
        desk.count_login("wait" if wait else "refused")
        event(log, logging.WARNING, "login refused", throttled=bool(wait))
        page = render_template("login.html", nobody=False, then=then, name=name, wait=wait, wrong=not wait)
        return page, 429 if wait else 401
    desk.count_login("accepted")
    language = session.get("lang")
    session.clear()  # a new token for the forms too: nothing that was known before the login is worth anything now
    session.permanent = True
    session.update(who=account.name, since=desk.wall.now(), mark=fingerprint(account.password_hash))
    if language:
        session["lang"] = language
    return redirect(then, 303)


@pages.post("/logout")
def leave() -> Response:
    session.clear()
    return redirect(url_for("login.form"), 303)


def guard(app: Flask) -> None:
    """Let nobody past without a login that still holds; a new page is closed unless it is named above."""

    @app.before_request
    def check() -> Response | None:
        g.who = None
        if request.endpoint is None or request.blueprint in OPEN_BLUEPRINTS:
            return None
        g.who = _whoever(the_desk())
        if g.who is not None or request.endpoint in PUBLIC:
            return None
        if request.method not in ("GET", "HEAD"):
            abort(401)
        return redirect(url_for("login.form", then=request.full_path.rstrip("?")))


def local_path(asked: str) -> str:
    """Where to go after the login: a path of this server, never another one's address."""
    parts = urlsplit(asked.replace("\\", "/"))
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
        return "/"
    return parts._replace(fragment="").geturl()


def client_address(remote: str, forwarded: str) -> str:
    """The client's address: a proxy on this machine adds it at the end of X-Forwarded-For; nobody else is believed."""
    last = forwarded.rpartition(",")[2].strip()
    try:
        return str(ip_address(last)) if last and ip_address(remote).is_loopback else remote
    except ValueError:
        return remote


def holds(account: Account | None, mark: object, since: object, at: float) -> bool:
    """Whether a cookie is still good: the account is not disabled, its password the same, its time not over (pure)."""
    return (
        account is not None
        and not account.disabled
        and mark == fingerprint(account.password_hash)
        and isinstance(since, (int, float))
        and since <= at < since + LASTS
    )


def _attempt(desk: Desk, name: str, password: str) -> tuple[int, Account | None]:
    """Seconds to wait, and the account when the password is right; the try is spent before it is looked at."""
    address = client_address(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""))
    rows = throttle.buckets(desk.key.octets, name, address)
    with desk.store.writing() as connection:
        wait = throttle.take(connection, rows, desk.wall.now())
        account = accounts.find(connection, name)
    if wait:
        return wait, None
    usable = account is not None and not account.disabled
    right = desk.passwords.verify(account.password_hash if account and usable else None, password)
    if not right:
        return 0, None
    with desk.store.writing() as connection:
        throttle.give_back(connection, rows.values())
    return 0, account


def _whoever(desk: Desk) -> str | None:
    name = session.get("who")
    if not isinstance(name, str):
        return None
    with desk.store.reading() as connection:
        account = accounts.find(connection, name)
    return name if holds(account, session.get("mark"), session.get("since"), desk.wall.now()) else None
