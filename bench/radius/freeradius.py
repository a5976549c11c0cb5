"""Debian's FreeRADIUS at its best: `files`, or `sql` with its own schema and queries, and as much else left out."""

from __future__ import annotations

import contextlib
import re
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from bench.radius.packets import Guest, Station
from tests.peers.process import free_port, program, running, wait_until

DEBIAN = Path("/etc/freeradius/3.0")
REPLY = (("Session-Timeout", "7200"), ("Idle-Timeout", "900"), ("Acct-Interim-Interval", "300"))
_CONFIG = """\
prefix = /usr
raddbdir = {folder}
modconfdir = {debian}/mods-config
libdir = /usr/lib/freeradius
logdir = {folder}
run_dir = {folder}
max_requests = 65536
cleanup_delay = 5
log {{
    destination = stdout
}}
security {{
    reject_delay = 0
    status_server = yes
}}
thread pool {{
    start_servers = {threads}
    max_servers = {threads}
    min_spare_servers = 1
    max_spare_servers = {threads}
    max_requests_per_server = 0
}}
modules {{
    always ok {{
        rcode = ok
    }}
    pap {{ }}
    expr {{ }}
    {store}
}}
instantiate {{
    expr
}}
policy {{
    $INCLUDE {debian}/policy.d/accounting
}}
{clients}
server default {{
    listen {{
        type = auth
        ipaddr = 127.0.0.1
        port = {auth}
        recv_buff = 8388608
    }}
    listen {{
        type = acct
        ipaddr = 127.0.0.1
        port = {acct}
        recv_buff = 8388608
    }}
    authorize {{
        {module}
        pap
    }}
    authenticate {{
        Auth-Type PAP {{
            pap
        }}
    }}
    post-auth {{
        {post_auth}
    }}
    preacct {{
        acct_unique
    }}
    accounting {{
        {accounting}
    }}
}}
"""
_SQL = """\
sql {{
        {driver}
        radius_db = "{database}"
        acct_table1 = "radacct"
        acct_table2 = "radacct"
        postauth_table = "radpostauth"
        authcheck_table = "radcheck"
        groupcheck_table = "radgroupcheck"
        authreply_table = "radreply"
        groupreply_table = "radgroupreply"
        usergroup_table = "radusergroup"
        client_table = "nas"
        group_attribute = "SQL-Group"
        read_groups = yes
        pool {{
            start = {connections}
            min = {connections}
            max = {connections}
            spare = {connections}
            uses = 0
            lifetime = 0
            idle_timeout = 0
        }}
        $INCLUDE {debian}/mods-config/sql/main/{dialect}/queries.conf
    }}
"""


@dataclass(frozen=True)
class Peer:
    """A running server and its processes, the database's among them."""

    name: str
    auth: tuple[str, int]
    acct: tuple[str, int]
    pids: tuple[int, ...]


def version() -> str:
    told = subprocess.run([program("freeradius", "freeradius"), "-v"], capture_output=True, text=True, check=True)
    found = re.search(r"Version ([\d.]+)", told.stdout)
    return f"FreeRADIUS {found[1] if found else '?'}"


@contextlib.contextmanager
def files(folder: Path, stations: Sequence[Station], guests: Sequence[Guest]) -> Iterator[Peer]:
    reply = ",\n    ".join(f"{name} = {value}" for name, value in REPLY)
    folder.mkdir()
    (folder / "users").write_text(
        "".join(f'{one.name} Cleartext-Password := "{one.password}"\n    {reply}\n' for one in guests)
    )
    store = f"files {{\n        filename = {folder}/users\n    }}"
    with _server(folder, "files", store, stations, threads=32, module="files", writing="ok") as peer:
        yield peer


@contextlib.contextmanager
def sqlite(folder: Path, stations: Sequence[Station], guests: Sequence[Guest]) -> Iterator[Peer]:
    """One thread and one connection: with more it answers `database is locked` and loses records."""
    folder.mkdir()
    path = folder / "freeradius.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript((DEBIAN / "mods-config/sql/main/sqlite/schema.sql").read_text())
        connection.execute("PRAGMA journal_mode=WAL")
        _fill(lambda query, rows: connection.executemany(query.replace("%s", "?"), rows), guests)
        connection.commit()
    driver = (
        f'dialect = "sqlite"\ndriver = "rlm_sql_sqlite"\nsqlite {{\nfilename = "{path}"\nbusy_timeout = 10000\n'
        'bootstrap = "/dev/null"\n}'
    )
    store = _SQL.format(driver=driver, database="radius", connections=1, debian=DEBIAN, dialect="sqlite")
    with _server(folder, "rlm_sql, SQLite", store, stations, threads=1, module="sql", writing="sql") as peer:
        yield peer


@contextlib.contextmanager
def postgresql(
    folder: Path, stations: Sequence[Station], guests: Sequence[Guest], server: str, postmaster: int
) -> Iterator[Peer]:
    """32 threads and 32 connections to a database of its own on the same server."""
    folder.mkdir()
    url = make_url(server).set(drivername="postgresql+psycopg")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {folder.name}")
    admin.dispose()
    engine = create_engine(url.set(database=folder.name))
    with engine.begin() as connection:
        raw = connection.connection.cursor()
        raw.execute((DEBIAN / "mods-config/sql/main/postgresql/schema.sql").read_text())
        _fill(raw.executemany, guests)
    with create_engine(url.set(database=folder.name), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    host = str(url.query["host"])
    driver = f'dialect = "postgresql"\ndriver = "rlm_sql_postgresql"\nserver = "{host}"\nlogin = "postgres"\n'
    store = _SQL.format(driver=driver, database=folder.name, connections=32, debian=DEBIAN, dialect="postgresql")
    with _server(folder, "rlm_sql, PostgreSQL", store, stations, threads=32, module="sql", writing="sql") as peer:
        yield Peer(peer.name, peer.auth, peer.acct, (*peer.pids, postmaster))


def _fill(many: Callable[[str, list[tuple[str, ...]]], object], guests: Sequence[Guest]) -> None:
    """A user has a password of his own and the limits of his group, as daloRADIUS writes them."""
    check = "INSERT INTO radcheck (username, attribute, op, value) VALUES (%s, 'Cleartext-Password', ':=', %s)"
    group = "INSERT INTO radgroupreply (groupname, attribute, op, value) VALUES ('guests', %s, ':=', %s)"
    many(check, [(one.name, one.password) for one in guests])
    many(
        "INSERT INTO radusergroup (username, groupname, priority) VALUES (%s, 'guests', 1)", [(g.name,) for g in guests]
    )
    many(group, list(REPLY))


@contextlib.contextmanager
def _server(
    folder: Path, name: str, store: str, stations: Sequence[Station], *, threads: int, module: str, writing: str
) -> Iterator[Peer]:
    auth, acct = (free_port(socket.SOCK_DGRAM) for _ in range(2))
    clients = "\n".join(
        f'client {one.id} {{\n    ipaddr = {one.address}\n    secret = "{one.secret.decode()}"\n'
        "    require_message_authenticator = yes\n}"
        for one in stations
    )
    config = _CONFIG.format(
        folder=folder, debian=DEBIAN, threads=threads, store=store, clients=clients, auth=auth, acct=acct,
        module=module, post_auth=writing, accounting=writing,
    )  # fmt: skip
    (folder / "radiusd.conf").write_text(config)
    (folder / "dictionary").write_text("$INCLUDE /usr/share/freeradius/dictionary\n")
    log = folder / "freeradius.log"
    with running([program("freeradius", "freeradius"), "-f", "-d", str(folder)], log) as process:
        wait_until(
            lambda: process.poll() is not None or "Ready to process requests" in log.read_text(),
            "FreeRADIUS is ready",
            60,
        )
        if process.poll() is not None:
            raise RuntimeError(log.read_text()[-3000:])
        yield Peer(name, ("127.0.0.1", auth), ("127.0.0.1", acct), (process.pid,))
