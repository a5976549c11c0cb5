"""The public half of a key's life: what was committed to at its birth."""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, String, insert, literal, select

from hotspot.pseudonym import commitment
from hotspot.tables import pseudonym_keys


def record_birth(connection: Connection, period: str, key: bytes, now: int) -> None:
    """Write the commitment unless it is there; never the key."""
    known = select(pseudonym_keys.c.period).where(pseudonym_keys.c.period == period).exists()
    row = select(literal(period, String), literal(commitment(key), String), literal(now, BigInteger)).where(~known)
    connection.execute(insert(pseudonym_keys).from_select(["period", "commitment", "born_at"], row))
