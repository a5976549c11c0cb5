"""A real PostgreSQL cluster of the tests' own, on a socket in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.peers.process import program


@contextlib.contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Yields the URL of its empty database ``postgres``, superuser ``postgres``; PostgreSQL refuses to run as root.

    ``durable``: as Debian sets it up, every commit on disk; tests can do without.
    """
    initdb, ctl = program("initdb", "postgresql"), program("pg_ctl", "postgresql")
    folder = Path(tempfile.mkdtemp(prefix="hotspot-pg-"))
    as_whom: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_whom = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    data = folder / "data"
    subprocess.run(
        [*as_whom, initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-N"], check=True, capture_output=True
    )
    options = f"-k {folder} -c listen_addresses=''" + ("" if durable else " -c fsync=off")
    start = [*as_whom, ctl, "-D", str(data), "-w", "-l", f"{folder}/log", "-o", options, "start"]
    subprocess.run(start, check=True, capture_output=True)
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        subprocess.run([*as_whom, ctl, "-D", str(data), "-m", "immediate", "stop"], check=True, capture_output=True)
        shutil.rmtree(folder)
