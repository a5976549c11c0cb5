"""Deleting one's data: what the portal may forget at once, and the request that the nightly job does the rest."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Table, insert, select, update

from captive_portal.holdings import Whose
from hotspot.tables import codes, erasures, remembered

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another
LENGTH = 10


@dataclass(frozen=True)
class Erasure:
    receipt: str
    asked_at: int
    done_at: int | None
    rows: int


def receipt_of(octets: bytes) -> str:
    """Ten letters, close to fifty bits, from as many random octets."""
    return "".join(LETTERS[octet % len(LETTERS)] for octet in octets[:LENGTH])


def ask(connection: Connection, whose: Whose, receipt: str, now: float) -> None:
    """A client is forgotten from now on; rows that name it go with the next run of the nightly job, within the hour,

    or when its visit ends, because the NAS cannot be told to end a session that nobody knows.
    """
    if whose.client is not None:
        _forget(connection, remembered, whose.client, int(now))
        _forget(connection, codes, whose.client, int(now))
    row = {"receipt": receipt, "client": whose.client, "grant_id": whose.grant_id}
    connection.execute(insert(erasures), row | {"asked_at": int(now), "done_at": None, "rows": 0})


def find(connection: Connection, receipt: str) -> Erasure | None:
    columns = (erasures.c.receipt, erasures.c.asked_at, erasures.c.done_at, erasures.c.rows)
    row = connection.execute(select(*columns).where(erasures.c.receipt == receipt.strip().upper())).one_or_none()
    return Erasure(*row) if row else None


def _forget(connection: Connection, table: Table, client: str, now: int) -> None:
    its = (table.c.client == client, table.c.forgotten_at.is_(None))
    connection.execute(update(table).where(*its).values(forgotten_at=now))
