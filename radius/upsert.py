"""An INSERT that may meet its row already there, in the words of either database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Rows = Sequence[Mapping[str, Any]]
Insert = postgresql.Insert | sqlite.Insert


def dialect_insert(dialect: str, table: Table) -> Insert:
    """Both dialects spell ON CONFLICT alike, and their ``excluded`` row too."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_if_absent(connection: Connection, table: Table, rows: Rows) -> None:
    if rows:
        connection.execute(dialect_insert(connection.dialect.name, table).on_conflict_do_nothing(), rows)
