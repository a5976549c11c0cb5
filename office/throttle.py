"""How often a login may be tried, counted in the store so that it holds across workers and restarts.

A counter in a worker's memory would let each worker grant its own tries. The table has a bounded number of rows, each
the keyed hash of a name, an address or both cut to 16 bits: it cannot grow, needs no clearing, and tells nobody's name
or address. Two keys in one row share their tries, which only makes the throttle a little stricter.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from sqlalchemy import Connection, case, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotspot.tables import login_tries

WINDOW = 15 * 60  # seconds
LIMITS = {"both": 5, "address": 30, "name": 100}  # tries in a window; a name's is high, or anyone could lock it out
_BUCKETS = 1 << 16


def buckets(key: bytes, name: str, address: str) -> dict[str, int]:
    """The row of each kind of key; the kinds do not share rows."""
    texts = {"both": f"{name}\0{address}", "address": address, "name": name}
    return {
        kind: place * _BUCKETS + int.from_bytes(hmac.digest(key, f"{kind}\0{text}".encode(), "sha256")[:2])
        for place, (kind, text) in enumerate(texts.items())
    }


def take(connection: Connection, rows: dict[str, int], now: float) -> int:
    """Spend one try before the password is looked at; 0, or for how many seconds to wait."""
    waits = [_take_one(connection, row, LIMITS[kind], int(now)) for kind, row in rows.items()]
    return max(waits)


def give_back(connection: Connection, rows: Iterable[int]) -> None:
    """A right password returns its try."""
    change = update(login_tries).where(login_tries.c.bucket.in_(list(rows)), login_tries.c.spent > 0)
    connection.execute(change.values(spent=login_tries.c.spent - 1))


def _take_one(connection: Connection, bucket: int, limit: int, now: int) -> int:
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    over = login_tries.c.since <= now - WINDOW
    change = kind.insert(login_tries).values(bucket=bucket, spent=1, since=now)
    change = change.on_conflict_do_update(
        index_elements=[login_tries.c.bucket],
        set_={
            "spent": case((over, 1), else_=login_tries.c.spent + 1),
            "since": case((over, now), else_=login_tries.c.since),
        },
    )
    connection.execute(change)
    spent, since = connection.execute(
        select(login_tries.c.spent, login_tries.c.since).where(login_tries.c.bucket == bucket)
    ).one()
    return max(since + WINDOW - now, 1) if spent > limit else 0
