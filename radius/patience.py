"""How RADIUS asks its database: it waits a second, because NASes give up after three, and reads by indexes alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Dialect
from sqlalchemy.pool import ConnectionPoolEntry

from hotspot.store import Store

SECONDS = 1
SLOWEST_STATEMENT = 5
# A plan is made once and kept; one that was made while a table was small or not yet counted would read all of it later.
# Where there is no index the plan's cost is then so high that PostgreSQL would compile it: 90 ms for an empty table.
_BY_INDEX = "-c enable_seqscan=off -c jit=off"


def lose_patience(store: Store) -> None:
    """Connections made from now on fail after a second of waiting, for a lock or for a machine that says nothing."""
    if store.is_sqlite:
        event.listen(store.engine, "connect", _busy_timeout)
    else:
        event.listen(store.engine, "do_connect", _timeouts)
    store.engine.dispose()


def _busy_timeout(connection: Any, _record: ConnectionPoolEntry) -> None:
    connection.execute(f"PRAGMA busy_timeout={SECONDS * 1000}")


def _timeouts(_dialect: Dialect, _record: ConnectionPoolEntry, _args: Any, parameters: dict[str, Any]) -> None:
    """Two seconds are the shortest that libpq waits for a connection; the last is for a machine that just vanished."""
    limits = f"-c lock_timeout={SECONDS * 1000} -c statement_timeout={SLOWEST_STATEMENT * 1000}"
    parameters["options"] = f"{parameters.get('options', '')} {limits} {_BY_INDEX}".strip()
    parameters |= {"connect_timeout": 2, "tcp_user_timeout": 2000}
