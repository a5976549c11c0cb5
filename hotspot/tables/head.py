"""What a table's page begins with: the head that says which service reads, inserts, updates and deletes.

Each column has one writing room (design rule R4): a request to another room is a row that the asker inserts and the
doer finishes. Only the nightly job deletes. The heads generate the GRANTs of one PostgreSQL role per service
(hotspot/roles.py). Times are whole UTC seconds since 1970; days and months are local, "2026-11-24" and "2026-11".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

SERVICES = ("portal", "radius", "monitor", "office", "nightly")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives its row number only to a column that is declared INTEGER, which is 64 bits wide there.
Number = BigInteger().with_variant(Integer, "sqlite")


@dataclass(frozen=True)
class Head:
    """Who does what with a table; ``update`` names the columns, because each column has one writing room.

    ``unseen`` names the columns that a reading service must not see: what names a person is for those who need it.
    """

    read: tuple[str, ...]
    insert: tuple[str, ...]
    update: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unseen: dict[str, tuple[str, ...]] = field(default_factory=dict)


HEADS: dict[str, Head] = {}


def table(name: str, head: Head, *columns: Column[Any] | UniqueConstraint | Index, **options: Any) -> Table:
    HEADS[name] = head
    return Table(name, metadata, *columns, **options)
