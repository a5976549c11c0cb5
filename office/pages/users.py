"""Accounts of the staff: add, change the role, disable, take away a lost second factor; at least two admins stay."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from office import accounts, staff_sessions
from office.accounts import Account
from office.desk import the_desk, write_down
from office.roles import Role

pages = Blueprint("users", __name__)


@pages.get("/users")
def show() -> str:
    return _page()


@pages.post("/users")
def add() -> tuple[str, int]:
    """The first password is shown once, to be handed over and changed."""
    desk = the_desk()
    name, (role, opd) = request.form.get("name", "").strip().lower(), _asked_role()
    if not accounts.is_name(name):
        return _page("name"), 422
    if role is Role.OPD and opd is None:
        return _page("opd"), 422
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    hashed = desk.passwords.hash(password)
    with desk.store.writing() as connection:
        if made := accounts.create(connection, name, hashed, desk.wall.now(), role=role, opd=opd):
            write_down(connection, "user.add", name, role.value)
    return (_page(made=(name, password)), 201) if made else (_page("taken"), 409)


@pages.post("/users/<name>")
def change(name: str) -> Response | tuple[str, int]:
    desk, act = the_desk(), request.form.get("act", "")
    with desk.store.writing() as connection:
        account = accounts.find(connection, name) or abort(404)
        problem = _change(connection, account, act)
        if problem is None:
            detail = request.form.get("role", "") if act == "role" else ""
            write_down(connection, f"user.{act}", name, detail)
    return (_page(problem), 409) if problem else redirect(url_for("users.show"), 303)


def _change(connection: Connection, account: Account, act: str) -> str | None:
    """Do it, or say why not."""
    now = the_desk().wall.now()
    role, opd = _asked_role()
    loses_admin = act == "disable" or (act == "role" and role is not Role.ADMIN)
    if loses_admin and accounts.would_leave_too_few(connection, account.name):
        return "admins"
    if act == "role" and role is Role.OPD and opd is None:
        return "opd"
    match act:
        case "role":
            accounts.set_role(connection, account.name, role, opd)
        case "disable":
            accounts.disable(connection, account.name, now)
        case "enable":
            accounts.enable(connection, account.name)
        case "forget-factor":
            accounts.forget_totp(connection, account.name)
        case _:
            abort(400)
    if act != "enable":
        staff_sessions.end_all(connection, account.name, now)
    return None


def _asked_role() -> tuple[Role, str | None]:
    sites = the_desk().sites
    try:
        role = Role(request.form.get("role", Role.READER.value))
    except ValueError:
        abort(400)
    asked = request.form.get("opd", "")
    opd = asked if asked in {opd.id for opd in sites.opd} else None
    return role, opd if role is Role.OPD else None


def _page(problem: str | None = None, made: tuple[str, str] | None = None) -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        everybody = accounts.everybody(connection)
        admins = accounts.admins(connection)
    return render_template(
        "users.html",
        everybody=everybody,
        admins=admins,
        roles=list(Role),
        opds=desk.sites.opd,
        problem=problem,
        made=made,
    )
