"""A started portal of a small town on free ports, and a stand-in for a MikroTik's three pages."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from hotspot.grants import password
from hotspot.running import addresses_of
from hotspot.secret import Secret
from hotspot.store import Store, open_store, upgrade
from tests.conftest import ROOT
from tests.peers.process import free_port, running, wait_until

GRANT_KEY = Secret("grant key of the test")
CHALLENGE = bytes(range(240, 256))
SECRETS = {
    "HOTSPOT_GRANT_KEY": GRANT_KEY.reveal(),
    "HOTSPOT_FLOW_KEY": "flow key of the test",
    "HOTSPOT_NAS_GW_MUSEUM_TOSAN_AJI_UAM_SECRET": "rahasia-uam",
    "HOTSPOT_NAS_GW_PENDOPO_WABUP_UAM_SECRET": "rahasia-uam",
}


@dataclass
class Town:
    """Where things are; ``environ`` starts a portal that belongs to it."""

    folder: Path
    portal: str
    nas: str
    store: Store
    environ: dict[str, str] = field(repr=False)

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "captive_portal"]

    def announced(self) -> dict[str, str]:
        return addresses_of(self.folder / "run", "portal") or {}


@contextlib.contextmanager
def small_town(folder: Path) -> Iterator[Town]:
    """The sample town, its Alun-alun Besar always open and its MikroTik and portal on free ports of loopback."""
    portal, nas = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    text = (ROOT / "sites.yaml").read_text()
    text = text.replace("http://127.0.0.1:8080", f"http://{portal}").replace("127.66.2.1:8180", nas)
    (folder / "sites.yaml").write_text(text.replace('"05:00-23:00"', '"00:00-00:00"'))
    store = open_store(f"sqlite:///{folder}/hotspot.db")
    upgrade(store)
    environ = {
        **os.environ,
        **SECRETS,
        "PYTHONPATH": str(ROOT),
        "HOTSPOT_SITES": str(folder / "sites.yaml"),
        "HOTSPOT_STATE": str(folder),
        "HOTSPOT_PORTAL_LISTEN": portal,
        "HOTSPOT_PORTAL_OPS": "127.0.0.1:0",
    }
    try:
        yield Town(folder, portal, nas, store, environ)
    finally:
        store.close()


@contextlib.contextmanager
def started(town: Town) -> Iterator[int]:
    """The command under gunicorn with two workers; yields its pid."""
    log = town.folder / "portal.log"
    with running(town.command, log, town.environ) as process:
        wait_until(lambda: town.announced() or process.poll() is not None, f"portal ready; see {log}")
        assert process.poll() is None, log.read_text()
        yield process.pid


@contextlib.contextmanager
def mikrotik(town: Town, let_in: Callable[[str], None]) -> Iterator[list[str]]:
    """/ sends to the portal; /login checks the hash as the router and RADIUS would, then calls ``let_in``.

    Yields the list of what it was asked.
    """
    asked: list[str] = []
    escaped = "".join(f"\\{octet:03o}" for octet in CHALLENGE)
    arrive = f"http://{town.portal}/arrive/gw-alun-alun-besar?mac=02:11:22:33:44:55&ip=10.1.0.7"

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            fields = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            self._answer(self._login(fields) if "username" in fields else self._redirect())

        def _redirect(self, error: str = "") -> str:
            return rf"{arrive}&chap-id=\001&chap-challenge={escaped}&error={error}"

        def _login(self, fields: dict[str, str]) -> str:
            user = fields["username"]
            expected = hashlib.md5(b"\x01" + password(GRANT_KEY, user).encode() + CHALLENGE, usedforsecurity=False)
            if fields["password"] != expected.hexdigest():
                return self._redirect("invalid%20username%20or%20password")
            let_in(user)
            return f"http://{town.portal}/status?grant={user}"

        def _answer(self, url: str) -> None:
            body = f'<html><head><meta http-equiv="refresh" content="0; url={url}"></head></html>'.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    host, port = town.nas.split(":")
    server = ThreadingHTTPServer((host, int(port)), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
