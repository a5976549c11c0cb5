"""The database, one door: open it, check its schema, run short transactions.

SQLite by default; PostgreSQL when one machine is not enough.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from hotspot.command import OperatorError

StoreAway = (OperationalError, InterfaceError)  # what a lost, locked or full database raises in the middle of work
CONNECT_SECONDS = 5  # a machine that says nothing is given up after so long
BUSY_SECONDS = 10  # how long a writer of one process waits for a writer of another on SQLite


class Store:
    """An engine with the project's rules; a transaction is short and writes at once (BEGIN IMMEDIATE on SQLite)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for SELECTs that see one moment."""
        options: dict[str, Any] = {"hotspot_reading": True}
        if not self.is_sqlite:
            options["isolation_level"] = "REPEATABLE READ"  # PostgreSQL would show each SELECT a moment of its own
        with self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits at the end, or leaves nothing behind."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()


class StoreUnreachable(OperatorError):
    """Nothing is wrong with the URL, but nobody answers there, or not us: a service that can wait may try again."""


def open_store(url: str) -> Store:
    """Connect without looking at the schema; OperatorError when the URL or the server is no good."""
    store = distant_store(url)
    try:
        with store.engine.connect():
            pass
    except (DBAPIError, sqlite3.Error) as error:
        raise _unreachable(store, error) from None
    return store


def distant_store(url: str) -> Store:
    """A store that is connected to when it is first used; OperatorError when the URL is no good."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        elif parsed.get_backend_name() != "sqlite":
            raise OperatorError(f"the database must be sqlite or postgresql, not {parsed.get_backend_name()}")
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            _make_file(Path(parsed.database))
        patience = {} if parsed.get_backend_name() == "sqlite" else {"connect_timeout": CONNECT_SECONDS}
        # An error's text goes to the log; the values of its statement may be MACs.
        engine = create_engine(parsed, pool_pre_ping=bool(patience), hide_parameters=True, connect_args=patience)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise OperatorError(
            f"not a database URL (use sqlite:///path or postgresql://user@host/name): {error}"
        ) from None
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return Store(engine)


def _make_file(path: Path) -> None:
    """It holds MACs, so it is nobody else's to read; SQLite gives its side files the same mode."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # opening it says better what is wrong
        path.touch(mode=0o640)


def open_current_store(url: str) -> Store:
    """Connect, and refuse a schema that is not the one this version was written for."""
    store = open_store(url)
    try:
        check_schema(store)
    except OperatorError:
        store.close()
        raise
    return store


def check_schema(store: Store) -> None:
    """OperatorError when the schema is not the one this version was written for, or the database has just gone away."""
    try:
        have, want = schema_version(store), newest_version()
    except DBAPIError as error:
        raise _unreachable(store, error) from None
    if have != want:
        state = "is empty" if have is None else f"has schema {have}"
        raise OperatorError(f"the database {state}, and this version needs {want}; run: hotspot db upgrade")


def _unreachable(store: Store, error: DBAPIError | sqlite3.Error) -> StoreUnreachable:
    reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
    return StoreUnreachable(
        f"cannot open the database {store.engine.url.render_as_string(hide_password=True)}: {reason}"
    )


def schema_version(store: Store) -> str | None:
    with store.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_version() -> str | None:
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def known_versions() -> set[str]:
    """Every schema that this version can read or upgrade."""
    return {script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()}


def upgrade(store: Store) -> None:
    """Bring the schema up to date; several processes may try at once, one does it."""
    with store.writing() as connection:
        if not store.is_sqlite:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(3306)")
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _prepare_sqlite(engine: Engine) -> None:
    """WAL and FULL: what was acknowledged survives a power cut. The driver's own implicit BEGIN is switched off."""

    @event.listens_for(engine, "connect")
    def pragmas(connection: Any, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("hotspot_reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
