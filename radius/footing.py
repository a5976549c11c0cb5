"""What logins rest on, asked of the books for a batch: grants with their promises, and MACs that are remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, bindparam, func, or_, select

from hotspot.among import among
from hotspot.grants import KEEP_AFTER_START
from hotspot.mac import Mac
from hotspot.policy import Reason
from hotspot.presence import RESERVED_SECONDS
from hotspot.tables import grants, remembered, reservations
from radius.login import Login
from radius.pseudonyms import Pseudonyms

Key = tuple[str, str]  # a grant's id and nothing, or a NAS and a MAC that asks by itself


class Known(NamedTuple):
    """What a login rests on and, once it was accepted, the promise."""

    nas: str
    mac: str
    client: str | None
    way: str
    expires_at: int
    class_token: str | None = None
    started_at: int | None = None
    ends_at: int | None = None


def key_of(login: Login) -> Key:
    return (login.nas, login.mac.digits) if login.grant_id is None else (login.grant_id, "")


def known(connection: Connection, logins: Sequence[Login], pseudonyms: Pseudonyms, now: float) -> dict[Key, Known]:
    found = _grants(connection, {login.grant_id for login in logins if login.grant_id is not None})
    returning = [login for login in logins if login.grant_id is None]
    return found | (_remembered(connection, returning, pseudonyms, now) if returning else {})


def fault(known: Known, login: Login, now: float) -> Reason | None:
    """A grant serves one client at one NAS; again only until it expires or, once used, a minute after the Start."""
    if (known.nas, known.mac) != (login.nas, login.mac.digits):
        return Reason.GRANT_ELSEWHERE
    last = known.expires_at if known.started_at is None else known.started_at + KEEP_AFTER_START
    promised_out = known.ends_at is not None and known.ends_at <= now
    return Reason.GRANT_EXPIRED if now > last or promised_out else None


def _grants(connection: Connection, ids: Iterable[str]) -> dict[Key, Known]:
    return {(row[0], ""): Known._make(row[1:]) for row in connection.execute(_GRANTS, {"ids": ids})}


def _remembered(
    connection: Connection, logins: Sequence[Login], pseudonyms: Pseudonyms, now: float
) -> dict[Key, Known]:
    """One-tap service, whatever its owner came in with: a MAC is easily taken from the air."""
    tokens = {pseudonyms.memory(login.mac): login.mac for login in logins}
    asked = {"tokens": tokens, "now": int(now)}
    owners: dict[Mac, tuple[str, int]] = {
        tokens[token]: (client, until) for token, client, until in connection.execute(_REMEMBERED, asked)
    }
    macs = [mac.digits for mac in owners]
    promised = {(row.nas, row.mac): row for row in connection.execute(_PROMISED, {"macs": macs, "now": int(now)})}
    found = {}
    for login in logins:
        if login.mac in owners:
            client, until = owners[login.mac]
            row = promised.get((login.nas, login.mac.digits))
            promise = (None, None, None) if row is None else (row.class_token, row.started_at, row.ends_at)
            found[key_of(login)] = Known(login.nas, login.mac.digits, client, "tap", until, *promise)
    return found


# Built once: making a statement anew costs more than asking the database.
_NOW = bindparam("now", type_=BigInteger)
_GRANTS = (
    select(
        grants.c.id,
        grants.c.nas,
        grants.c.mac,
        grants.c.client,
        grants.c.way,
        grants.c.expires_at,
        reservations.c.class_token,
        reservations.c.started_at,
        reservations.c.ends_at,
    )
    .outerjoin_from(grants, reservations, reservations.c.grant_id == grants.c.id)
    .where(among(grants.c.id, "ids"))
)
_REMEMBERED = select(remembered.c.token, remembered.c.client, remembered.c.until).where(
    among(remembered.c.token, "tokens"),
    remembered.c.forgotten_at.is_(None),
    remembered.c.until > _NOW,
)
# A lost Accept is asked for again; a login after that is a new one.
_PROMISED = (
    select(reservations)
    .where(
        among(reservations.c.mac, "macs"),
        func.coalesce(reservations.c.grant_id, "") == "",  # not by its index, where all such logins lie
        reservations.c.ends_at > _NOW,
        or_(
            reservations.c.started_at > _NOW - KEEP_AFTER_START,
            reservations.c.started_at.is_(None) & (reservations.c.reserved_at > _NOW - RESERVED_SECONDS),
        ),
    )
    .order_by(reservations.c.reserved_at)
)
