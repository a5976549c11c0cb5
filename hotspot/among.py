"""A column among a list of any length, given as one parameter, so that a statement is compiled and prepared once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Dialect, String, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Words(TypeDecorator[Iterable[str]]):
    """An array of PostgreSQL; SQLite has none and takes JSON."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(String()))

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> Any:
        words = list(value or ())
        return json.dumps(words) if dialect.name == "sqlite" else words


class among(FunctionElement[bool]):  # noqa: N801 - reads as the operator that it is
    """``column`` is one of the words that the parameter ``name`` will hold."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        super().__init__(column, bindparam(name, type_=_Words()))

    def self_group(self, against: OperatorType | None = None) -> among:  # noqa: ARG002 - a hook of SQLAlchemy
        """As it is: SQLAlchemy would write ``= 1`` behind it on SQLite, and no index would serve it."""
        return self


@compiles(among, "sqlite")
def _on_sqlite(element: among, compiler: Any, **how: Any) -> str:
    column, words = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({words}))"  # noqa: S608 - both are SQLAlchemy's


@compiles(among, "postgresql")
def _on_postgresql(element: among, compiler: Any, **how: Any) -> str:
    column, words = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} = ANY ({words})"
