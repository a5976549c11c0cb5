"""Many rows in one statement: SQLAlchemy would look at each value of each row, which costs more than the database does.

PostgreSQL takes a column as one array and joins with it, SQLite a row after the other; neither has to read a statement
twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, Table

Names = tuple[str, ...]
Rows = Sequence[Sequence[Any]]


def insert_rows(connection: Connection, table: Table, names: Names, rows: Rows) -> None:
    """Each row holds the values of ``names``."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_insert_each(table, names), [tuple(row) for row in rows])
    else:
        connection.exec_driver_sql(_insert_all(table, names), _arrays(table, names, rows))


def update_rows(connection: Connection, table: Table, keys: Names, names: Names, rows: Rows) -> None:
    """Each row holds the values of ``keys``, by which it is found, and then those of ``names``, which are set."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_update_each(table, keys, names), [tuple(row) for row in rows])
    else:
        connection.exec_driver_sql(_update_all(table, keys, names), _arrays(table, keys + names, rows))


@lru_cache(maxsize=16)
def _insert_each(table: Table, names: Names) -> str:
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of our own tables


@lru_cache(maxsize=16)
def _insert_all(table: Table, names: Names) -> str:
    return f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM {_unnested(table, names)}"  # noqa: S608 - as above


@lru_cache(maxsize=16)
def _update_each(table: Table, keys: Names, names: Names) -> str:
    found = " AND ".join(f"{name} = ?{place}" for place, name in enumerate(keys, 1))
    values = ", ".join(f"{name} = ?{place}" for place, name in enumerate(names, 1 + len(keys)))
    return f"UPDATE {table.name} SET {values} WHERE {found}"  # noqa: S608 - as above


@lru_cache(maxsize=16)
def _update_all(table: Table, keys: Names, names: Names) -> str:
    found = " AND ".join(f"{table.name}.{name} = new.{name}" for name in keys)
    values = ", ".join(f"{name} = new.{name}" for name in names)
    new = f"{_unnested(table, keys + names)} AS new ({', '.join(keys + names)})"
    return f"UPDATE {table.name} SET {values} FROM {new} WHERE {found}"  # noqa: S608 - as above


def _unnested(table: Table, names: Names) -> str:
    """Text of any length, so that too much of it is refused and not cut off."""
    return f"unnest({', '.join(f'%s::{_kind(table.c[name])}[]' for name in names)})"


def _kind(column: Column[Any]) -> str:
    if isinstance(column.type, Boolean):
        return "boolean"
    return "bigint" if isinstance(column.type, Integer) else "text"


def _arrays(table: Table, names: Names, rows: Rows) -> tuple[str, ...]:
    columns = zip(names, zip(*rows, strict=True), strict=True)
    return tuple(_array(values, is_text=_kind(table.c[name]) == "text") for name, values in columns)


def _array(values: Iterable[Any], *, is_text: bool) -> str:
    """As PostgreSQL writes arrays; psycopg's own way takes three times as long."""
    written = map(_quoted, values) if is_text else ("NULL" if value is None else str(value) for value in values)
    return "{" + ",".join(written) + "}"


def _quoted(value: str | None) -> str:
    if value is None:
        return "NULL"
    escaped = value if value.isalnum() else value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
