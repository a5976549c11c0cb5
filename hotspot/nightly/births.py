"""The public half of a key's life: what was committed to at its birth."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from hotspot.pseudonym import commitment
from hotspot.tables import pseudonym_keys


def record_birth(connection: Connection, period: str, key: bytes, now: int) -> None:
    """Write the commitment unless it is there, also when RADIUS writes it at the same moment; never the key."""
    row = {"period": period, "commitment": commitment(key), "born_at": now}
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(pseudonym_keys).values(row).on_conflict_do_nothing())
