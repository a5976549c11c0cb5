"""PostgreSQL, by its own pg_dump and pg_restore; tables that are emptied of persons go beside them by COPY.

All of it sees one moment: pg_dump takes the snapshot of the transaction that copies (pg_export_snapshot).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, inspect, select

from hotspot.backup.content import EMPTIED, LEFT_OUT, clean_rows
from hotspot.command import OperatorError
from hotspot.store import Store
from hotspot.tables import metadata

FILE = "database/hotspot.pgdump"
_PLAIN = ("--no-owner", "--no-privileges")  # `hotspot db grants` gives the services' roles theirs


def dump(store: Store, folder: Path) -> dict[str, int]:
    """How many rows each table has in it."""
    (folder / FILE).parent.mkdir(mode=0o700, parents=True)
    without = [f"--exclude-table-data={name}" for name in (*LEFT_OUT, *EMPTIED)]
    with store.reading() as connection:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        options = ["--format=custom", "--compress=0", f"--snapshot={snapshot}", f"--file={folder / FILE}"]
        _run("pg_dump", store.engine, *_PLAIN, *options, *without)
        for name in EMPTIED:
            _copy_out(connection, name, folder / _beside(name))
        counted = {name: select(func.count()).select_from(table) for name, table in metadata.tables.items()}
        rows = {name: int(connection.execute(query).scalar_one()) for name, query in counted.items()}
    return rows | dict.fromkeys(LEFT_OUT, 0)


def restore(engine: Engine, folder: Path) -> None:
    """Into an empty database; one transaction of pg_restore, then one of ours."""
    options = ["--single-transaction", "--exit-on-error", str(folder / FILE)]
    _run("pg_restore", engine, *_PLAIN, *options)
    with engine.begin() as connection:
        for name in EMPTIED:
            _copy_in(connection, name, folder / _beside(name))


def refuse_to_overwrite(engine: Engine) -> None:
    if tables := inspect(engine).get_table_names():
        raise OperatorError(
            f"the database {engine.url.database} has {len(tables)} tables, and a restore overwrites nothing; make an "
            "empty one (createdb NAME) and name it in HOTSPOT_DATABASE"
        )


def program(name: str) -> str:
    if found := shutil.which(name):
        return found
    raise OperatorError(f"{name} is not on this machine; install it: apt install postgresql-client")


def _run(name: str, engine: Engine, *words: str) -> None:
    """The password goes by the environment: everybody on the machine sees a command line."""
    password = engine.url.password
    address = engine.url.set(drivername="postgresql", password=None).render_as_string()
    environ = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    command = [program(name), f"--dbname={address}", *words]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it gave no reason"])[0]
        raise OperatorError(f"{name} failed: {reason}; it must work as the owner of the database")


def _copy_out(connection: Connection, name: str, path: Path) -> None:
    query = clean_rows(name).compile(connection, compile_kwargs={"literal_binds": True})
    path.touch(mode=0o600)
    with (
        path.open("wb") as file,
        _cursor(connection) as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT") as rows,
    ):
        for some in rows:
            file.write(some)


def _copy_in(connection: Connection, name: str, path: Path) -> None:
    columns = ", ".join(f'"{column.name}"' for column in metadata.tables[name].columns)
    with (
        path.open("rb") as file,
        _cursor(connection) as cursor,
        cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as rows,
    ):
        while some := file.read(1024 * 1024):
            rows.write(some)


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _beside(name: str) -> str:
    return f"database/{name}.copy"
