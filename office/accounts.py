"""Staff accounts in the store: made, changed and disabled by command, read at each request."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection, Update, insert, select, update
from sqlalchemy.exc import IntegrityError

from hotspot.tables import staff

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,63}")


@dataclass(frozen=True)
class Account:
    """One member of staff; a disabled one can neither log in nor stay."""

    name: str
    password_hash: str
    disabled: bool


def is_name(text: str) -> bool:
    """2 to 64 lower-case letters, digits, dots, hyphens and underscores, a letter first."""
    return _NAME.fullmatch(text) is not None


def find(connection: Connection, name: str) -> Account | None:
    row = connection.execute(select(staff).where(staff.c.name == name)).one_or_none()
    return None if row is None else Account(row.name, row.password_hash, row.disabled_at is not None)


def how_many(connection: Connection) -> int:
    """Accounts that can log in."""
    return len(connection.execute(select(staff.c.name).where(staff.c.disabled_at.is_(None))).all())


def create(connection: Connection, name: str, password_hash: str, now: float) -> bool:
    """False when the name is taken, also by a disabled account."""
    try:
        with connection.begin_nested():
            row = {"name": name, "password_hash": password_hash, "role": "network-admin", "created_at": int(now)}
            connection.execute(insert(staff), row)
    except IntegrityError:
        return False
    return True


def set_password(connection: Connection, name: str, password_hash: str) -> bool:
    return _changed(connection, _the(name).values(password_hash=password_hash))


def disable(connection: Connection, name: str, now: float) -> bool:
    """End the account's logins at their next request; its name stays on the answers that it gave."""
    return _changed(connection, _the(name).values(disabled_at=int(now)))


def enable(connection: Connection, name: str) -> bool:
    return _changed(connection, _the(name).values(disabled_at=None))


def _the(name: str) -> Update:
    return update(staff).where(staff.c.name == name)


def _changed(connection: Connection, change: Update) -> bool:
    return connection.execute(change).rowcount == 1
