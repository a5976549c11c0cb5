"""The door of the console: a password, a code of the second factor, or the regency's own login; out by a button."""

from __future__ import annotations

import logging

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from hotspot.log import event
from office import accounts, audit, sealing, staff_sessions, throttle, totp
from office.accounts import Account
from office.addresses import local_path
from office.chain import Entry
from office.desk import Desk, the_desk
from office.passwords import fingerprint
from office.roles import home
from web.addresses import client_address

HALF = 300  # seconds between the password and the code

log = logging.getLogger(__name__)
pages = Blueprint("login", __name__)


@pages.get("/login")
def form() -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        nobody = accounts.how_many(connection) == 0
    return _form(nobody=nobody, then=local_path(request.args.get("then", "")))


@pages.post("/login")
def enter() -> Response | tuple[str, int]:
    desk = the_desk()
    name, then = request.form.get("name", "").strip().lower(), local_path(request.form.get("then", ""))
    wait, account = _attempt(desk, name, request.form.get("password", ""))
    if account is None:
        desk.count_login("wait" if wait else "refused")
        event(log, logging.WARNING, "login refused", throttled=bool(wait))
        return _form(then=then, name=name, wait=wait, wrong=not wait), 429 if wait else 401
    if account.enrolled:
        session["half"] = [account.name, fingerprint(account.password_hash), desk.wall.now(), then]
        return redirect(url_for("login.code_form"), 303)
    return admit(desk, account, then, "password")


@pages.get("/login/code")
def code_form() -> str | Response:
    return render_template("login_code.html") if _half(the_desk()) else redirect(url_for("login.form"))


@pages.post("/login/code")
def code() -> Response | tuple[str, int]:
    """A wrong code spends a try as a wrong password does: a million codes cannot be tried."""
    desk = the_desk()
    if (half := _half(desk)) is None:
        return redirect(url_for("login.form"), 303)
    account, then = half
    rows = _rows(desk, account.name)
    with desk.store.writing() as connection:
        wait = throttle.take(connection, rows, desk.wall.now())
        right = not wait and fits(desk, account, request.form.get("code", ""))
        if right:
            right = accounts.use_step(connection, account.name, int(right))
            throttle.give_back(connection, rows.values())
    if not right:
        desk.count_login("wait" if wait else "refused")
        event(log, logging.WARNING, "second factor refused", throttled=bool(wait))
        return render_template("login_code.html", wait=wait, wrong=not wait), 429 if wait else 401
    return admit(desk, account, then, "password and code")


@pages.post("/logout")
def leave() -> Response:
    desk = the_desk()
    if token := session.get("token"):
        with desk.store.writing() as connection:
            staff_sessions.end(connection, str(token), desk.wall.now())
    session.clear()
    return redirect(url_for("login.form"), 303)


def admit(desk: Desk, account: Account, then: str, how: str) -> Response:
    """Open the session, and write down that somebody came in."""
    desk.count_login("accepted")
    language = session.get("lang")
    session.clear()  # a new token for the forms too: nothing that was known before the login is worth anything now
    session.permanent = True
    with desk.store.writing() as connection:
        session["token"] = staff_sessions.begin(connection, account.name, desk.wall.now())
        audit.write(connection, Entry(int(desk.wall.now()), account.name, "login", account.name, how))
    if language:
        session["lang"] = language
    return redirect(then if then != "/" else url_for(home(account.role)), 303)


def fits(desk: Desk, account: Account, typed: str) -> int:
    """The step of the code that was typed, or 0."""
    secret = sealing.unseal(desk.key, account.totp) if account.totp else None
    return (totp.accepted(secret, typed, desk.wall.now(), account.totp_step) or 0) if secret else 0


def _form(**more: object) -> str:
    return render_template("login.html", **{"nobody": False, "single": the_desk().outside.provider, **more})


def _rows(desk: Desk, name: str) -> dict[str, int]:
    address = client_address(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""))
    return throttle.buckets(desk.key.octets, name, address)


def _attempt(desk: Desk, name: str, password: str) -> tuple[int, Account | None]:
    """Seconds to wait, and the account when the password is right; the try is spent before it is looked at."""
    rows = _rows(desk, name)
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


def _half(desk: Desk) -> tuple[Account, str] | None:
    """Who has just given the right password and still owes the code, and where they wanted to go."""
    match session.get("half"):
        case [str(name), str(mark), float(since) | int(since), str(then)] if since <= desk.wall.now() < since + HALF:
            with desk.store.reading() as connection:
                account = accounts.find(connection, name)
            if account and not account.disabled and mark == fingerprint(account.password_hash):
                return account, then
    return None
