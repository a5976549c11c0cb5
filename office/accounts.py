"""Staff accounts in the store: made, changed and disabled, read at each request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Update, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from hotspot.tables import staff
from office.roles import FEWEST_ADMINS, Role

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,63}")


@dataclass(frozen=True)
class Account:
    """One member of staff; a disabled one can neither log in nor stay. ``totp`` is sealed with the office's key."""

    name: str
    password_hash: str
    role: Role
    disabled: bool = False
    opd: str | None = None
    totp: str | None = None
    totp_since: int | None = None
    totp_step: int | None = None
    oidc_subject: str | None = None
    mail: str | None = None

    @property
    def enrolled(self) -> bool:
        """Whether a second factor is asked for; a secret that was never confirmed by a code is none."""
        return self.totp is not None and self.totp_since is not None


def is_name(text: str) -> bool:
    """2 to 64 lower-case letters, digits, dots, hyphens and underscores, a letter first."""
    return _NAME.fullmatch(text) is not None


def find(connection: Connection, name: str) -> Account | None:
    row = connection.execute(select(staff).where(staff.c.name == name)).one_or_none()
    return None if row is None else _account(row)


def find_subject(connection: Connection, subject: str) -> Account | None:
    """Who is known to the regency's own login under this subject."""
    row = connection.execute(select(staff).where(staff.c.oidc_subject == subject)).one_or_none()
    return None if row is None else _account(row)


def everybody(connection: Connection) -> list[Account]:
    return [_account(row) for row in connection.execute(select(staff).order_by(staff.c.name))]


def how_many(connection: Connection) -> int:
    """Accounts that can log in."""
    return len(connection.execute(select(staff.c.name).where(staff.c.disabled_at.is_(None))).all())


def admins(connection: Connection) -> list[str]:
    """Network admins that can log in."""
    query = select(staff.c.name).where(staff.c.disabled_at.is_(None), staff.c.role == Role.ADMIN.value)
    return list(connection.execute(query).scalars())


def mails(connection: Connection) -> list[str]:
    """Where the heads of office want to hear of what cannot wait."""
    query = select(staff.c.mail).where(staff.c.disabled_at.is_(None), staff.c.role == Role.HEAD.value)
    return [mail for mail in connection.execute(query).scalars() if mail]


def set_mail(connection: Connection, name: str, mail: str | None) -> bool:
    return _changed(connection, _the(name).values(mail=mail))


def would_leave_too_few(connection: Connection, name: str) -> bool:
    """Whether there would be fewer than two admins without this one (a house that has one cannot lose it)."""
    now = admins(connection)
    return name in now and len(now) - 1 < FEWEST_ADMINS


def create(
    connection: Connection,
    name: str,
    password_hash: str,
    now: float,
    *,
    role: Role = Role.ADMIN,
    opd: str | None = None,
) -> bool:
    """False when the name is taken, also by a disabled account."""
    row = {"name": name, "password_hash": password_hash, "role": role.value, "opd": opd, "created_at": int(now)}
    try:
        with connection.begin_nested():
            connection.execute(insert(staff), row)
    except IntegrityError:
        return False
    return True


def set_password(connection: Connection, name: str, password_hash: str) -> bool:
    return _changed(connection, _the(name).values(password_hash=password_hash))


def set_role(connection: Connection, name: str, role: Role, opd: str | None) -> bool:
    return _changed(connection, _the(name).values(role=role.value, opd=opd))


def offer_totp(connection: Connection, name: str, sealed: str) -> bool:
    """A secret that counts from its first code on."""
    return _changed(connection, _the(name).values(totp_secret=sealed, totp_since=None, totp_step=None))


def confirm_totp(connection: Connection, name: str, step: int, now: float) -> bool:
    return _changed(connection, _the(name).values(totp_since=int(now), totp_step=step))


def forget_totp(connection: Connection, name: str) -> bool:
    return _changed(connection, _the(name).values(totp_secret=None, totp_since=None, totp_step=None))


def use_step(connection: Connection, name: str, step: int) -> bool:
    """False when this code or a later one was used before, also at the same moment by another worker."""
    unused = or_(staff.c.totp_step.is_(None), staff.c.totp_step < step)
    return _changed(connection, _the(name).where(unused).values(totp_step=step))


def link_subject(connection: Connection, name: str, subject: str | None) -> bool:
    """False when the subject is somebody else's."""
    try:
        with connection.begin_nested():
            return _changed(connection, _the(name).values(oidc_subject=subject))
    except IntegrityError:
        return False


def disable(connection: Connection, name: str, now: float) -> bool:
    """End the account's logins at their next request; its name stays on the answers that it gave."""
    return _changed(connection, _the(name).values(disabled_at=int(now)))


def enable(connection: Connection, name: str) -> bool:
    return _changed(connection, _the(name).values(disabled_at=None))


def _the(name: str) -> Update:
    return update(staff).where(staff.c.name == name)


def _changed(connection: Connection, change: Update) -> bool:
    return connection.execute(change).rowcount == 1


def _account(row: Row[Any]) -> Account:
    return Account(
        name=row.name,
        password_hash=row.password_hash,
        role=Role(row.role),
        disabled=row.disabled_at is not None,
        opd=row.opd,
        totp=row.totp_secret,
        totp_since=row.totp_since,
        totp_step=row.totp_step,
        oidc_subject=row.oidc_subject,
        mail=row.mail,
    )
