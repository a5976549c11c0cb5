"""Debian's FreeRADIUS with its own SQLite queries and schema, as the server that most hotspots are accounted by."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers.process import free_port, program, running, wait_until

_DEBIAN = Path("/etc/freeradius/3.0")
_CONFIG = """\
prefix = /usr
raddbdir = {folder}
modconfdir = {debian}/mods-config
libdir = /usr/lib/freeradius
logdir = {folder}
run_dir = {folder}
pidfile = {folder}/pid
log {{
    destination = stdout
}}
modules {{
    always ok {{
        rcode = ok
    }}
    sql {{
        dialect = "sqlite"
        driver = "rlm_sql_sqlite"
        sqlite {{
            filename = "{folder}/radacct.db"
            busy_timeout = 2000
            bootstrap = "{debian}/mods-config/sql/main/sqlite/schema.sql"
        }}
        radius_db = "radius"
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
        pool {{
            start = 1
            min = 1
            max = 1
            spare = 1
            uses = 0
            lifetime = 0
            idle_timeout = 0
        }}
        $INCLUDE {debian}/mods-config/sql/main/sqlite/queries.conf
    }}
    expr {{ }}
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
        type = acct
        ipaddr = 127.0.0.1
        port = {port}
    }}
    preacct {{
        acct_unique
    }}
    accounting {{
        sql
    }}
}}
"""


@dataclass(frozen=True)
class FreeRadiusSql:
    """Its accounting port, and its table of sessions."""

    acct: tuple[str, int]
    database: Path

    def rows(self, session_id: str) -> list[dict[str, Any]]:
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            connection.row_factory = sqlite3.Row
            query = "SELECT * FROM radacct WHERE acctsessionid = ? ORDER BY radacctid"
            return [dict(row) for row in connection.execute(query, (session_id,))]


@contextlib.contextmanager
def freeradius_sql(folder: Path, secrets: Mapping[str, str]) -> Iterator[FreeRadiusSql]:
    """``secrets`` by client address."""
    binary = program("freeradius", "freeradius")
    port = free_port(socket.SOCK_DGRAM)
    clients = "\n".join(
        f'client {address} {{\n    ipaddr = {address}\n    secret = "{secret}"\n}}'
        for address, secret in secrets.items()
    )
    config = _CONFIG.format(folder=folder, debian=_DEBIAN, port=port, clients=clients)
    (folder / "radiusd.conf").write_text(config)
    (folder / "dictionary").write_text("$INCLUDE /usr/share/freeradius/dictionary\n")
    log = folder / "freeradius.log"
    with running([binary, "-f", "-d", str(folder)], log) as process:
        wait_until(
            lambda: process.poll() is not None or "Ready to process requests" in log.read_text(),
            "FreeRADIUS is ready",
        )
        assert process.poll() is None, log.read_text()
        yield FreeRadiusSql(("127.0.0.1", port), folder / "radacct.db")
