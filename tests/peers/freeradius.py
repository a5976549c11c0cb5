"""Debian's FreeRADIUS with one user and a log of what it was told, as an independent server for the lab's NASes."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.peers.process import free_port, program, running, wait_until

_CONFIG = """\
prefix = /usr
raddbdir = {folder}
libdir = /usr/lib/freeradius
logdir = {folder}
run_dir = {folder}
pidfile = {folder}/pid
max_requests = 16384
log {{
    destination = stdout
}}
security {{
    reject_delay = 0
    status_server = yes
    max_attributes = 200
}}
modules {{
    files {{
        filename = {folder}/users
    }}
    pap {{ }}
    chap {{ }}
    detail {{
        filename = {folder}/detail
        locking = no
    }}
}}
{clients}
server default {{
    listen {{
        type = auth
        ipaddr = 127.0.0.1
        port = {auth}
    }}
    listen {{
        type = acct
        ipaddr = 127.0.0.1
        port = {acct}
    }}
    authorize {{
        files
        chap
        pap
    }}
    authenticate {{
        Auth-Type PAP {{
            pap
        }}
        Auth-Type CHAP {{
            chap
        }}
    }}
    accounting {{
        detail
    }}
}}
"""


@dataclass(frozen=True)
class FreeRadius:
    auth: tuple[str, int]
    acct: tuple[str, int]
    detail: Path

    def records(self) -> list[dict[str, list[str]]]:
        """Accounting as FreeRADIUS decoded it: attributes by name, in their order."""
        found = []
        for block in self.detail.read_text().split("\n\n") if self.detail.exists() else []:
            record: dict[str, list[str]] = {}
            for line in block.splitlines():
                name, equals, value = line.strip().partition(" = ")
                if equals:
                    record.setdefault(name, []).append(value.strip('"'))
            if record:
                found.append(record)
        return found


@contextlib.contextmanager
def freeradius(folder: Path, secrets: Mapping[str, str], users: str) -> Iterator[FreeRadius]:
    """``secrets`` by client address; ``users`` in the syntax of its users file."""
    binary = program("freeradius", "freeradius")
    auth, acct = (free_port(socket.SOCK_DGRAM) for _ in range(2))
    clients = "\n".join(
        f'client {address} {{\n    ipaddr = {address}\n    secret = "{secret}"\n}}'
        for address, secret in secrets.items()
    )
    (folder / "radiusd.conf").write_text(_CONFIG.format(folder=folder, auth=auth, acct=acct, clients=clients))
    (folder / "dictionary").write_text("$INCLUDE /usr/share/freeradius/dictionary\n")
    (folder / "users").write_text(users)
    log = folder / "freeradius.log"
    with running([binary, "-f", "-s", "-d", str(folder)], log) as process:
        wait_until(
            lambda: process.poll() is not None or "Ready to process requests" in log.read_text(),
            f"FreeRADIUS is ready; it said: {log.read_text()[-2000:]}",
        )
        assert process.poll() is None, log.read_text()
        yield FreeRadius(("127.0.0.1", auth), ("127.0.0.1", acct), folder / "detail")
