"""What is measured, started for real: our portal under its own command, the plain page under gunicorn, nginx."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.request import urlopen

from hotspot.running import addresses_of
from hotspot.store import open_store, upgrade
from tests.conftest import ROOT
from tests.integration.captive_portal.town import SECRETS
from tests.peers.process import free_port, program, running, wait_until

ARRIVE = "/arrive/gw-alun-alun-besar?mac=02:11:22:{a:02x}:{b:02x}:{c:02x}&ip=10.1.0.7&error="
_NGINX = """daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 2;
events {{ worker_connections 1024; }}
http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {folder}; default_type text/html; }} }}
"""


def arrival(number: int) -> str:
    """The way in of one phone, whose MAC nobody else has."""
    return ARRIVE.format(a=number >> 16 & 255, b=number >> 8 & 255, c=number & 255)


@contextlib.contextmanager
def ours(folder: Path, *, workers: int = 2, database: str = "", core: int | None = None) -> Iterator[str]:
    """The portal's address; ``core`` binds it to one core."""
    folder.mkdir(parents=True, exist_ok=True)
    url = database or f"sqlite:///{folder}/hotspot.db"
    store = open_store(url)
    upgrade(store)
    store.close()
    sites = folder / "sites.yaml"
    sites.write_text((ROOT / "sites.yaml").read_text().replace('"05:00-23:00"', '"00:00-00:00"'))
    environ = {**os.environ, **SECRETS, "PYTHONPATH": str(ROOT), "HOTSPOT_SITES": str(sites)}
    environ |= {"HOTSPOT_STATE": str(folder), "HOTSPOT_DATABASE": url}
    environ |= {"HOTSPOT_PORTAL_LISTEN": "127.0.0.1:0", "HOTSPOT_PORTAL_OPS": "127.0.0.1:0"}
    bound = [] if core is None else [program("taskset", "util-linux"), "-c", str(core)]
    command = [*bound, sys.executable, "-m", "captive_portal", "--workers", str(workers), "--log-level", "warning"]
    with running(command, folder / "portal.log", environ):
        wait_until(lambda: addresses_of(folder / "run", "portal"), f"portal; see {folder}/portal.log")
        yield "http://" + (addresses_of(folder / "run", "portal") or {})["portal"]


@contextlib.contextmanager
def plain(folder: Path) -> Iterator[str]:
    """As its author would run it: two workers of eight threads, keep-alive on."""
    folder.mkdir(parents=True, exist_ok=True)
    path, port = folder / "plain.db", free_port()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE sites (id TEXT PRIMARY KEY, name TEXT)")
        connection.execute("INSERT INTO sites VALUES ('alun-alun', 'Alun-alun')")
    connection.close()
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PLAIN_DATABASE": str(path)}
    command = [sys.executable, "-m", "gunicorn", "-w", "2", "-k", "gthread", "--threads", "8", "--log-level", "error"]
    with running([*command, "-b", f"127.0.0.1:{port}", "bench.portal.plain:app"], folder / "plain.log", environ):
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: urlopen(f"{address}/login").status == 200, f"the plain page; see {folder}/plain.log")  # noqa: S310 - ours
        yield address


def plain_version() -> str:
    return f"Flask {version('flask')}, gunicorn {version('gunicorn')} gthread"


@contextlib.contextmanager
def nginx(folder: Path, page: bytes) -> Iterator[str]:
    """Our own page as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    (folder / "page.html").write_bytes(page)
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, port=port))
    with running([program("nginx", "nginx"), "-c", str(config), "-e", f"{folder}/error.log"], folder / "nginx.log"):
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: urlopen(f"{address}/page.html").status == 200, f"nginx; see {folder}/error.log")  # noqa: S310 - ours
        yield address


def nginx_version() -> str:
    shown = subprocess.run([program("nginx", "nginx"), "-v"], capture_output=True, text=True, check=True).stderr
    return shown.strip().removeprefix("nginx version: ")
