"""Vouchers in the store: found by the hash of their code or by their client, with all that they have used."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, func, select

from hotspot.allowance import Usage
from hotspot.tables import batches, sessions, voucher_uses, vouchers
from hotspot.vouchers import Voucher, after


_TERMS = (
    batches.c.devices,
    batches.c.valid_from,
    batches.c.valid_until,
    batches.c.site,
    batches.c.seconds,
    batches.c.octets,
    batches.c.up,
    batches.c.down,
    batches.c.valid_seconds,
)
_QUERY = (
    select(vouchers, *_TERMS, batches.c.revoked_at.label("batch_revoked_at"), voucher_uses.c.first_used_at)
    .join(batches, batches.c.id == vouchers.c.batch)
    .outerjoin(voucher_uses, voucher_uses.c.voucher == vouchers.c.id)
)


def by_hash(connection: Connection, hashed: str) -> Voucher | None:
    return _find(connection, vouchers.c.hash == hashed)


def by_client(connection: Connection, client: str) -> Voucher | None:
    return _find(connection, vouchers.c.client == client)


def _find(connection: Connection, which: ColumnElement[bool]) -> Voucher | None:
    row = connection.execute(_QUERY.where(which)).one_or_none()
    if row is None:
        return None
    voucher = Voucher(
        id=row.id,
        client=row.client,
        devices=row.devices,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        site=row.site,
        seconds=row.seconds,
        octets=row.octets,
        up=row.up,
        down=row.down,
        valid_seconds=row.valid_seconds,
        first_used_at=row.first_used_at,
        revoked=row.revoked_at is not None or row.batch_revoked_at is not None,
        spent=Usage(row.spent_seconds, row.spent_octets),
    )
    return after(voucher, _in_sessions(connection, row.client))


def _in_sessions(connection: Connection, client: str) -> Usage:
    """What is not yet charged to the voucher: its sessions that still say whose they are."""
    octets = func.sum(sessions.c.input_octets + sessions.c.output_octets)
    query = select(func.sum(sessions.c.seconds), octets).where(sessions.c.client == client)
    seconds, used = connection.execute(query).one()
    return Usage(int(seconds or 0), int(used or 0))
