"""The commands for accounts: make one, change its password, disable and enable it; and the audit log's verification."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable

from sqlalchemy import Connection

from hotspot.clock import SystemClock
from hotspot.command import OPERATOR, OperatorError, Settings
from hotspot.passwords import Passwords
from hotspot.sites import load
from hotspot.store import Store, open_current_store
from office import accounts, anchor, audit, staff_sessions
from office.chain import Entry
from office.passwords import weakness

SHELL = "(command)"  # who it was, for the audit log: whoever has a shell on the server


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
            if made := accounts.create(connection, name, hashed, _now()):
                audit.write(connection, Entry(int(_now()), SHELL, "user.add", name, "network-admin"))
            taken, admins = not made, len(accounts.admins(connection))
    if taken:
        raise OperatorError(f"there is already an account {name}; to change its password: set-password {name}")
    hint = "; make a second one, so that one lost phone does not close the office" if admins == 1 else ""
    print(f"account {name} made{hint}")
    return 0


def set_password(settings: Settings, name: str) -> int:
    store = open_current_store(settings.database)
    _must_exist(store, name)
    hashed = Passwords().hash(ask_password(name))
    return _change(
        store,
        name,
        "password.set",
        lambda c: accounts.set_password(c, name, hashed),
        "has a new password; its logins ended",
    )


def disable(settings: Settings, name: str) -> int:
    store = open_current_store(settings.database)
    with store.reading() as connection:
        if accounts.would_leave_too_few(connection, name):
            raise OperatorError(
                f"without {name} there would be fewer than two network admins; "
                "make another one first: hotspot-office create-admin NAME"
            )
    return _change(
        store, name, "user.disable", lambda c: accounts.disable(c, name, _now()), "is disabled; its logins ended"
    )


def enable(settings: Settings, name: str) -> int:
    store = open_current_store(settings.database)
    return _change(store, name, "user.enable", lambda c: accounts.enable(c, name), "is enabled")


def forget_factor(settings: Settings, name: str) -> int:
    """For a lost phone."""
    store = open_current_store(settings.database)
    said = "has no second factor any more and sets up a new one at the next login"
    return _change(store, name, "user.forget-factor", lambda c: accounts.forget_totp(c, name), said)


def verify_audit(settings: Settings, _name: str) -> int:
    """Say whether the audit log is whole; its last hash is what an auditor writes down to compare next time."""
    store = open_current_store(settings.database)
    try:
        with store.reading() as connection:
            count, last, broken = audit.verify(connection, whole=False)
            kept = anchor.read(settings.state / anchor.FILE)
            gone = anchor.lost(connection, kept, int(_now()), load(settings.sites).retention.audit)
    finally:
        store.close()
    if gone:
        what = "is another one than it was" if gone.exchanged else "is gone"
        broken = f"entry {gone.anchor.number}, which {settings.state / anchor.FILE} noted, {what}"
    if broken:
        print(f"the audit log is broken: {broken}; compare it with a backup", file=sys.stderr)
        return OPERATOR
    noted = f"; entry {kept.number} is noted outside the database" if kept else ""
    print(f"audit log: {count} entries, the chain is whole; the last hash is {last}{noted}")
    return 0


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


def _change(store: Store, name: str, act: str, change: Callable[[Connection], bool], said: str) -> int:
    _must_exist(store, name)
    with store.writing() as connection:
        change(connection)
        if act != "user.enable":
            staff_sessions.end_all(connection, name, _now())
        audit.write(connection, Entry(int(_now()), SHELL, act, name))
    print(f"account {name} {said}")
    return 0


def _now() -> float:
    return SystemClock().now()
