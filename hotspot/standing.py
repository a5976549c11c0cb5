"""What stands for or against clients, asked of the store for all of them at once: blocks, vouchers, the calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Connection, and_, bindparam, func, or_, select

from hotspot.allowance import Own
from hotspot.among import among
from hotspot.doors import Event
from hotspot.policy import Block
from hotspot.tables import batches, blocks, calendar, sessions, voucher_uses, vouchers

LOOK_AHEAD = 2 * 86400  # events that begin later change nothing in a visit that begins now


def events(connection: Connection, sites: Collection[str], now: float) -> dict[str, tuple[Event, ...]]:
    """Each site's events that run or begin soon, those of the whole town among them."""
    found = [_event(row) for row in connection.execute(_EVENTS, {"now": int(now)})]
    return {site: tuple(event for place, event in found if place is None or place == site) for site in sites if found}


def blocked(connection: Connection, clients: Collection[str], now: float) -> dict[str, Block]:
    """Those that are blocked now; of several blocks the one that lasts longest."""
    if not clients:
        return {}
    worst: dict[str, Block] = {}
    for client, until in connection.execute(_BLOCKS, {"clients": clients, "now": int(now)}):
        known = worst.get(client)
        if known is None or (known.until is not None and (until is None or until > known.until)):
            worst[client] = Block(until)
    return worst


def own_of(connection: Connection, clients: Collection[str]) -> dict[str, Own]:
    """What each voucher allows and has left."""
    if not clients:
        return {}
    used: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for client, seconds, octets in connection.execute(_USED, {"clients": clients}):
        used[client] = int(seconds), int(octets)
    return {row.client: _own(row, used[row.client]) for row in connection.execute(_VOUCHERS, {"clients": clients})}


def _event(row: Any) -> tuple[str | None, Event]:
    return row.site, Event(row.id, row.began_at, row.ends_at, row.site is not None, row.policy, row.doors, row.label)


def _own(row: Any, used: tuple[int, int]) -> Own:
    ends_at = row.valid_until
    if row.valid_seconds is not None and row.first_used_at is not None:
        ends_at = min(ends_at, row.first_used_at + row.valid_seconds)
    return Own(
        devices=row.devices,
        begins_at=row.valid_from,
        ends_at=ends_at,
        site=row.site,
        revoked=row.revoked_at is not None or row.batch_revoked_at is not None,
        seconds=None if row.seconds is None else max(0, row.seconds - row.spent_seconds - used[0]),
        octets=None if row.octets is None else max(0, row.octets - row.spent_octets - used[1]),
        up=row.up,
        down=row.down,
    )


_NOW = bindparam("now", type_=BigInteger)
_EVENTS = select(
    calendar.c.id,
    calendar.c.site,
    calendar.c.began_at,
    calendar.c.ends_at,
    calendar.c.policy,
    calendar.c.doors,
    calendar.c.label,
).where(calendar.c.cancelled_at.is_(None), calendar.c.ends_at > _NOW, calendar.c.began_at < _NOW + LOOK_AHEAD)
_BLOCKS = select(blocks.c.client, blocks.c.until).where(
    among(blocks.c.client, "clients"),
    blocks.c.lifted_at.is_(None),
    blocks.c.since <= _NOW,
    or_(blocks.c.until.is_(None), blocks.c.until > _NOW),
)
_VOUCHERS = (
    select(
        vouchers.c.client,
        vouchers.c.spent_seconds,
        vouchers.c.spent_octets,
        vouchers.c.revoked_at,
        batches.c.revoked_at.label("batch_revoked_at"),
        voucher_uses.c.first_used_at,
        *(batches.c[name] for name in ("site", "seconds", "octets", "up", "down", "devices")),
        *(batches.c[name] for name in ("valid_seconds", "valid_from", "valid_until")),
    )
    .join_from(vouchers, batches, batches.c.id == vouchers.c.batch)
    .outerjoin(voucher_uses, voucher_uses.c.voucher == vouchers.c.id)
    .where(among(vouchers.c.client, "clients"))
)
_USED = (
    select(
        sessions.c.client,
        func.sum(sessions.c.seconds),
        func.sum(sessions.c.input_octets + sessions.c.output_octets),
    )
    .where(and_(among(sessions.c.client, "clients"), sessions.c.way == "voucher"))
    .group_by(sessions.c.client)
)
