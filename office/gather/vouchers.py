"""Batches of vouchers in the store: made, counted, revoked; a code itself is in no table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from hotspot import vouchers as code
from hotspot.secret import Secret
from hotspot.tables import batches, sessions, voucher_uses, vouchers


@dataclass(frozen=True)
class Plan:
    """What the vouchers of a batch allow; what is None is as the site's policy says."""

    label: str
    site: str | None
    seconds: int | None
    octets: int | None
    valid_seconds: int | None
    valid_from: int
    valid_until: int
    devices: int = 1
    up: int | None = None
    down: int | None = None


@dataclass(frozen=True)
class Batch:
    id: int
    plan: Plan
    salt: str | None
    created_by: str
    created_at: int
    revoked_at: int | None
    number: int
    used: int
    revoked: int


@dataclass(frozen=True)
class Voucher:
    id: int
    serial: int
    client: str
    first_used_at: int | None
    revoked_at: int | None
    seconds: int
    octets: int


def all_batches(connection: Connection) -> list[Batch]:
    """The newest first."""
    return _batches(connection, None)


def batch(connection: Connection, number: int) -> Batch | None:
    found = _batches(connection, number)
    return found[0] if found else None


def of_batch(connection: Connection, number: int) -> list[Voucher]:
    """With what each has used up to now, also in sessions that no longer say whose they were."""
    query = (
        select(
            vouchers,
            voucher_uses.c.first_used_at,
            func.coalesce(func.sum(sessions.c.seconds), 0).label("seconds"),
            func.coalesce(func.sum(sessions.c.input_octets + sessions.c.output_octets), 0).label("octets"),
        )
        .select_from(
            vouchers.outerjoin(voucher_uses, voucher_uses.c.voucher == vouchers.c.id).outerjoin(
                sessions, sessions.c.client == vouchers.c.client
            )
        )
        .where(vouchers.c.batch == number)
        .group_by(vouchers.c.id, voucher_uses.c.first_used_at)
        .order_by(vouchers.c.serial)
    )
    return [
        Voucher(
            id=row.id,
            serial=row.serial,
            client=row.client,
            first_used_at=row.first_used_at,
            revoked_at=row.revoked_at,
            seconds=row.spent_seconds + int(row.seconds),
            octets=row.spent_octets + int(row.octets),
        )
        for row in connection.execute(query)
    ]


def make(connection: Connection, plan: Plan, *, by: str, now: float, salt: str | None = None) -> int:
    """A batch without vouchers yet; its number."""
    row = {name: getattr(plan, name) for name in Plan.__dataclass_fields__}
    done = connection.execute(insert(batches).values(**row, salt=salt, created_by=by, created_at=int(now)))
    return int((done.inserted_primary_key or (0,))[0])


def add(connection: Connection, number: int, codes: Sequence[str], key: Secret) -> int:
    """Put codes into a batch, the n-th under serial n; known ones are left out. How many were put in."""
    found: dict[str, tuple[int, str]] = {}
    for serial, one in enumerate(codes, 1):
        found.setdefault(code.hash_of(key, one), (serial, one))
    known = set(connection.execute(select(vouchers.c.hash).where(vouchers.c.hash.in_(list(found)))).scalars())
    rows = [
        {
            "batch": number,
            "serial": serial,
            "hash": hashed,
            "client": code.client_of(key, one),
            "spent_seconds": 0,
            "spent_octets": 0,
        }
        for hashed, (serial, one) in found.items()
        if hashed not in known
    ]
    if rows:
        connection.execute(insert(vouchers), rows)
    return len(rows)


def revoke_batch(connection: Connection, number: int, now: float) -> bool:
    change = update(batches).where(batches.c.id == number, batches.c.revoked_at.is_(None))
    return connection.execute(change.values(revoked_at=int(now))).rowcount == 1


def revoke(connection: Connection, batch_number: int, serials: Iterable[int], now: float) -> int:
    change = update(vouchers).where(
        vouchers.c.batch == batch_number, vouchers.c.serial.in_(list(serials)), vouchers.c.revoked_at.is_(None)
    )
    return connection.execute(change.values(revoked_at=int(now))).rowcount


def find(connection: Connection, key: Secret, typed: str) -> tuple[int, Voucher] | None:
    """The batch and the voucher of a code that somebody reads out."""
    query = select(vouchers.c.batch, vouchers.c.serial).where(vouchers.c.hash == code.hash_of(key, typed))
    if (row := connection.execute(query).one_or_none()) is None:
        return None
    return row.batch, next(one for one in of_batch(connection, row.batch) if one.serial == row.serial)


def clients(connection: Connection, batch_number: int, serials: Iterable[int] | None = None) -> list[str]:
    """Whose sessions end when vouchers are revoked."""
    query = select(vouchers.c.client).where(vouchers.c.batch == batch_number)
    if serials is not None:
        query = query.where(vouchers.c.serial.in_(list(serials)))
    return list(connection.execute(query).scalars())


def _batches(connection: Connection, number: int | None) -> list[Batch]:
    counted = (
        select(
            vouchers.c.batch,
            func.count().label("number"),
            func.count(voucher_uses.c.voucher).label("used"),
            func.count(vouchers.c.revoked_at).label("revoked"),
        )
        .select_from(vouchers.outerjoin(voucher_uses, voucher_uses.c.voucher == vouchers.c.id))
        .group_by(vouchers.c.batch)
        .subquery()
    )
    query = select(batches, counted.c.number, counted.c.used, counted.c.revoked).outerjoin(
        counted, counted.c.batch == batches.c.id
    )
    query = query.order_by(batches.c.id.desc())
    if number is not None:
        query = query.where(batches.c.id == number)
    return [_batch(row) for row in connection.execute(query)]


def _batch(row: Row[Any]) -> Batch:
    return Batch(
        id=row.id,
        plan=Plan(**{name: getattr(row, name) for name in Plan.__dataclass_fields__}),
        salt=row.salt,
        created_by=row.created_by,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        number=row.number or 0,
        used=row.used or 0,
        revoked=row.revoked or 0,
    )
