"""What takes leave away from sessions that go on, to be compared: blocks, closed doors, vouchers taken back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, bindparam, func, or_, select

from hotspot import standing
from hotspot.doors import doors
from hotspot.sites import Sites
from hotspot.tables import batches, blocks, vouchers


@dataclass(frozen=True, slots=True)
class Leave:
    """``taken_back``: how many vouchers and batches, and the last of each."""

    blocked: frozenset[int]
    closed: frozenset[str]
    taken_back: tuple[int | None, ...]


def leave(connection: Connection, sites: Sites, now: float) -> Leave:
    events = standing.events(connection, sites.site.keys(), now)
    closed = (
        site.id
        for site in sites.sites
        if not doors(site.hours.daily, events.get(site.id, ()), now, sites.timezone).are_open
    )
    blocked = connection.execute(_BLOCKS, {"now": int(now)}).scalars()
    taken_back = (number for query in _TAKEN_BACK for number in connection.execute(query).one())
    return Leave(frozenset(blocked), frozenset(closed), tuple(taken_back))


_NOW = bindparam("now", type_=BigInteger)
_BLOCKS = select(blocks.c.id).where(
    blocks.c.lifted_at.is_(None), blocks.c.since <= _NOW, or_(blocks.c.until.is_(None), blocks.c.until > _NOW)
)
_TAKEN_BACK = tuple(
    select(func.count(table.c.revoked_at), func.max(table.c.revoked_at)) for table in (vouchers, batches)
)
