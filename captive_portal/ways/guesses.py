"""How often a code or password may be tried: by client, by NAS, by name and in all, counted across workers.

The NAS's word for a MAC may be unsigned, so that a guesser has a new one for each try; the NAS's and the whole house's
limits hold then. A table row is 16 bits of a keyed hash: the table cannot grow, and names nobody.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, case, select, update
from sqlalchemy.dialects import postgresql, sqlite

from captive_portal.ways.way import Hurdle, Proved, Reception, Visitor, Wrong
from hotspot.secret import Secret
from hotspot.tables import guesses

WINDOW = 15 * 60  # seconds
LIMITS = {"client": 5, "nas": 100, "all": 300, "name": 30}  # wrong ones in a window
_BUCKETS = 1 << 16


@dataclass(frozen=True)
class Taken:
    """``wait`` is for how many seconds, 0 when the try may be made; ``left`` how many the client has after it."""

    wait: int
    left: int


def guess(reception: Reception, visitor: Visitor, check: Callable[[], Proved | None], name: str = "") -> Proved | Wrong:
    """Spend a try before looking, give it back when it was right."""
    rows = buckets(reception.key, visitor.flow.mac.digits, visitor.flow.nas, name)
    with reception.store.writing() as connection:
        taken = take(connection, rows, visitor.now)
    if taken.wait:
        return Wrong(Hurdle.TOO_MANY, left=0, until=int(visitor.now) + taken.wait)
    found = check()
    if found is None:
        return Wrong(Hurdle.CODE_WRONG, taken.left)
    with reception.store.writing() as connection:
        give_back(connection, rows.values())
    return found


def buckets(key: Secret, mac: str, nas: str, name: str) -> dict[str, int]:
    """The row of each kind of key; the kinds do not share rows."""
    texts = {"client": mac, "nas": nas, "all": "", "name": name}
    return {
        kind: place * _BUCKETS + int.from_bytes(hmac.digest(key.octets, f"guess:{kind}:{text}".encode(), "sha256")[:2])
        for place, (kind, text) in enumerate(texts.items())
        if text or kind == "all"
    }


def take(connection: Connection, rows: dict[str, int], now: float) -> Taken:
    """In one order, so that two transactions never wait for one another."""
    spent = {kind: _take_one(connection, row, int(now)) for kind, row in sorted(rows.items())}
    waits = [max(since + WINDOW - int(now), 1) for kind, (number, since) in spent.items() if number > LIMITS[kind]]
    return Taken(max(waits, default=0), max(0, LIMITS["client"] - spent["client"][0]))


def give_back(connection: Connection, rows: Iterable[int]) -> None:
    for row in sorted(rows):
        change = update(guesses).where(guesses.c.bucket == row, guesses.c.spent > 0)
        connection.execute(change.values(spent=guesses.c.spent - 1))


def _take_one(connection: Connection, bucket: int, now: int) -> tuple[int, int]:
    """How many are spent since when, this one among them."""
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    over = guesses.c.since <= now - WINDOW
    change = kind.insert(guesses).values(bucket=bucket, spent=1, since=now)
    change = change.on_conflict_do_update(
        index_elements=[guesses.c.bucket],
        set_={
            "spent": case((over, 1), else_=guesses.c.spent + 1),
            "since": case((over, now), else_=guesses.c.since),
        },
    )
    connection.execute(change)
    row = connection.execute(select(guesses.c.spent, guesses.c.since).where(guesses.c.bucket == bucket)).one()
    return int(row.spent), int(row.since)
