"""What every page of the office works with, kept on the app; nothing of it is global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app, g
from sqlalchemy import Connection

from hotspot.clock import Clock
from hotspot.passwords import Passwords
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from office import audit
from office.accounts import Account
from office.chain import Entry
from office.outside import Outside

_PLACE = "office"


@dataclass(frozen=True)
class Desk:
    """``clock`` is the town's time; ``wall`` is the machine's, by which logins expire also in a rehearsal."""

    sites: Sites
    store: Store
    clock: Clock
    wall: Clock
    key: Secret
    passwords: Passwords
    count_login: Callable[[str], None]
    outside: Outside
    anchor: Path | None = None  # where the audit log stood last


def put(app: Flask, desk: Desk) -> None:
    app.extensions[_PLACE] = desk


def the_desk() -> Desk:
    """The desk of the app that answers this request."""
    desk: Desk = current_app.extensions[_PLACE]
    return desk


def me() -> Account:
    """Whose request this is; only pages that need a login ask."""
    account: Account = g.account
    return account


def write_down(connection: Connection, act: str, subject: object, detail: str = "") -> None:
    """Into the audit log: what this request's person does, in the transaction that does it."""
    at = int(the_desk().wall.now())
    audit.write(connection, Entry(at, me().name, act, str(subject)[:128], detail))
