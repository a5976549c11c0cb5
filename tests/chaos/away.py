"""A database that goes away again and again: locked by somebody else, or a server that refuses everyone."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from sqlalchemy import create_engine, text

from hotspot.store import Store

Away = Callable[[], AbstractContextManager[None]]


def locked(store: Store) -> Away:
    """Somebody else writes into the SQLite file and does not finish."""

    @contextlib.contextmanager
    def away() -> Iterator[None]:
        connection = sqlite3.connect(str(store.engine.url.database), isolation_level=None, timeout=30)
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
        finally:
            connection.close()

    return away


def refusing(store: Store, server: str) -> Away:
    """PostgreSQL cuts all connections and takes no new ones, as when its machine restarts."""
    name = store.engine.url.database

    @contextlib.contextmanager
    def away() -> Iterator[None]:
        admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
        store.engine.dispose()
        with admin.connect() as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
            cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
            connection.execute(cut, {"name": name})
            try:
                yield
            finally:
                connection.exec_driver_sql(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
        admin.dispose()

    return away


class Weather:
    """A thread that makes the database go away for a while and come back, until it is stopped; it counts how often."""

    def __init__(self, away: Away | None, random_: random.Random) -> None:
        self._away = away
        self._random = random_
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="weather", daemon=True)
        self.times = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(60)

    def _work(self) -> None:
        while self._away is not None and not self._stopping.wait(self._random.uniform(0.5, 3)):
            with self._away():
                self.times += 1
                self._stopping.wait(self._random.uniform(0.5, 4))
