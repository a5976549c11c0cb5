"""How often a code or password may be tried: by client, by NAS, by name and in all, counted across workers.

The NAS's word for a MAC may be unsigned, so that a guesser has a new one for each try; the NAS's and the whole house's
limits hold then. Pages that anybody in the world may open count by the reader's address, and apart, so that no
stranger's guesses close the ways in. A table row is 16 bits of a keyed hash: the table cannot grow, and names nobody.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TypeVar

from sqlalchemy import Connection, case, select, update
from sqlalchemy.dialects import postgresql, sqlite

from captive_portal.ways.way import Hurdle, Proved, Reception, Visitor, Wrong
from hotspot.secret import Secret
from hotspot.tables import guesses

WINDOW = 15 * 60  # seconds
LIMITS = {"client": 5, "nas": 100, "all": 300, "name": 30, "reader": 20, "readers": 300}  # wrong ones in a window
_OWN = ("client", "reader")  # whose count is told to whoever guesses
_BUCKETS = 1 << 16

Found = TypeVar("Found")


@dataclass(frozen=True)
class Taken:
    """``wait`` is for how many seconds, 0 when the try may be made; ``left`` how many the client has after it."""

    wait: int
    left: int


def guess(reception: Reception, visitor: Visitor, check: Callable[[], Proved | None], name: str = "") -> Proved | Wrong:
    """What a visitor at a NAS enters to come in."""
    return _limited(
        reception, buckets(reception.key, visitor.flow.mac.digits, visitor.flow.nas, name), visitor.now, check
    )


def look_up(reception: Reception, address: str, now: float, check: Callable[[], Found | None]) -> Found | Wrong:
    """What a reader enters on a page that needs no Wi-Fi. Behind one address may be the whole of a place."""
    rows = _rows(reception.key, {"reader": network_of(address), "readers": ""})
    return _limited(reception, rows, now, check)


def network_of(address: str) -> str:
    """Whoever has an IPv6 address has 2^64 of them."""
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ip_network((given, 64), strict=False)) if isinstance(given, IPv6Address) else str(given)


def buckets(key: Secret, mac: str, nas: str, name: str) -> dict[str, int]:
    return _rows(key, {"client": mac, "nas": nas, "all": "", **({"name": name} if name else {})})


def take(connection: Connection, rows: Mapping[str, int], now: float) -> Taken:
    """In the order of the rows, as they are given back, so that two transactions never wait for one another."""
    in_order = sorted(rows.items(), key=lambda pair: pair[1])
    spent = {kind: _take_one(connection, row, int(now)) for kind, row in in_order}
    waits = [max(since + WINDOW - int(now), 1) for kind, (number, since) in spent.items() if number > LIMITS[kind]]
    left = min(LIMITS[kind] - spent[kind][0] for kind in _OWN if kind in spent)
    return Taken(max(waits, default=0), max(0, left))


def give_back(connection: Connection, rows: Iterable[int]) -> None:
    for row in sorted(rows):
        change = update(guesses).where(guesses.c.bucket == row, guesses.c.spent > 0)
        connection.execute(change.values(spent=guesses.c.spent - 1))


def _limited(
    reception: Reception, rows: Mapping[str, int], now: float, check: Callable[[], Found | None]
) -> Found | Wrong:
    """Spend a try before looking, give it back when it was right."""
    with reception.store.writing() as connection:
        taken = take(connection, rows, now)
    if taken.wait:
        return Wrong(Hurdle.TOO_MANY, left=0, until=int(now) + taken.wait)
    found = check()
    if found is None:
        return Wrong(Hurdle.CODE_WRONG, taken.left)
    with reception.store.writing() as connection:
        give_back(connection, rows.values())
    return found


def _rows(key: Secret, texts: Mapping[str, str]) -> dict[str, int]:
    """The row of each kind of key; the kinds do not share rows."""
    return {
        kind: place * _BUCKETS
        + int.from_bytes(hmac.digest(key.octets, f"guess:{kind}:{texts[kind]}".encode(), "sha256")[:2])
        for place, kind in enumerate(LIMITS)
        if kind in texts
    }


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
