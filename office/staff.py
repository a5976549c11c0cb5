"""The commands for accounts: make one, change its password, disable and enable it."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable

from sqlalchemy import Connection

from hotspot.clock import SystemClock
from hotspot.command import OperatorError, Settings
from hotspot.store import Store, open_current_store
from office import accounts
from office.passwords import Passwords, weakness


def create_admin(settings: Settings, name: str) -> int:
    """A taken name is refused before anybody types a password, and again at the insert."""
    if not accounts.is_name(name):
        raise OperatorError(
            f"{name!r} is not a name for an account; use 2 to 64 lower-case letters, digits, . - _, a letter first"
        )
    store = open_current_store(settings.database)
    with store.reading() as connection:
        taken = accounts.find(connection, name) is not None
    if not taken:
        hashed = Passwords().hash(ask_password(name))
        with store.writing() as connection:
            taken = not accounts.create(connection, name, hashed, SystemClock().now())
    if taken:
        raise OperatorError(f"there is already an account {name}; to change its password: set-password {name}")
    print(f"account {name} made")
    return 0


def set_password(settings: Settings, name: str) -> int:
    store = open_current_store(settings.database)
    _must_exist(store, name)
    hashed = Passwords().hash(ask_password(name))
    return _change(
        store, name, lambda c: accounts.set_password(c, name, hashed), "has a new password; its logins ended"
    )


def disable(settings: Settings, name: str) -> int:
    store = open_current_store(settings.database)
    return _change(
        store, name, lambda c: accounts.disable(c, name, SystemClock().now()), "is disabled; its logins ended"
    )


def enable(settings: Settings, name: str) -> int:
    store = open_current_store(settings.database)
    return _change(store, name, lambda c: accounts.enable(c, name), "is enabled")


def ask_password(name: str) -> str:
    """Typed twice at a terminal, else one line of standard input."""
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password for {name}: ")
        if getpass.getpass("Once more: ") != password:
            raise OperatorError("the two passwords differ; nothing was changed")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if problem := weakness(password, name):
        raise OperatorError(problem)
    return password


def _must_exist(store: Store, name: str) -> None:
    with store.reading() as connection:
        if accounts.find(connection, name) is None:
            raise OperatorError(f"there is no account {name}; to make it: create-admin {name}")


def _change(store: Store, name: str, change: Callable[[Connection], bool], said: str) -> int:
    _must_exist(store, name)
    with store.writing() as connection:
        change(connection)
    print(f"account {name} {said}")
    return 0
