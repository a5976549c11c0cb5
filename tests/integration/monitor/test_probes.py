"""Probes on real sockets: a small captive network on loopback, its resolver, its page and its internet."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from hotspot.metrics import page_of
from monitor.probes.captive import Check
from monitor.probes.citizen import address_of, walk
from monitor.probes.fetch import Answer, Unreachable, fetch
from monitor.probes.rounds import Rounds, Task
from monitor.probes.way import Way
from monitor.probes.web import judge_service
from tests.peers.certificate import certificate
from tests.peers.process import wait_until

FIELDS = b'<input type="hidden" name="flow" value="f"><button id="connect">x</button>'
PAGE = b'<form method="post" action="/connect">' + FIELDS + b"</form>"
LO = Way("lo", patience=2)


class Captive(BaseHTTPRequestHandler):
    """The check leads to the page until the button was pressed, if pressing helps."""

    online, helps = False, True

    def do_GET(self) -> None:
        if self.path == "/generate_204":
            return self._say(204) if type(self).online else self._say(302, location="/arrive/gw")
        return self._say(200, PAGE)

    def do_POST(self) -> None:
        type(self).online = self.helps and self.rfile.read(int(self.headers["Content-Length"])) == b"flow=f"
        self._say(303, location="/status")

    def _say(self, status: int, body: bytes = b"", location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def served(handler: type[BaseHTTPRequestHandler], tls: Path | None = None) -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("helps", "failed"), [(True, None), (False, "login")])
def test_a_citizen_comes_in_by_an_interface_or_stays_outside(*, helps: bool, failed: str | None) -> None:
    handler = type("Site", (Captive,), {"online": False, "helps": helps})
    with served(handler) as port:
        journey = walk(LO, Check("android", f"http://127.0.0.1:{port}/generate_204", 204))

    assert journey.failed == failed
    assert address_of("lo") == "127.0.0.1"
    assert walk(Way("eth-none")).failed == "address"


def test_a_certificate_that_nobody_vouches_for_is_told_and_one_that_is_trusted_has_days_left(tmp_path: Path) -> None:
    file = certificate(tmp_path / "both.pem", "localhost")
    with served(Captive, file) as port:
        refused = fetch(f"https://localhost:{port}/", LO)
        trust = ssl.create_default_context(cafile=str(file))
        taken = fetch(f"https://localhost:{port}/", LO, trust=trust)

    assert isinstance(refused, Unreachable)
    assert refused.distrusted
    assert isinstance(taken, Answer)
    assert taken.certificate_ends is not None


def test_a_port_that_nobody_listens_on_and_a_resolver_that_is_silent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        refused = fetch(f"http://127.0.0.1:{free.getsockname()[1]}/", LO)
    silent = fetch("http://wifi.example.go.id/", Way("lo", "127.0.0.1", 0.2))

    assert isinstance(refused, Unreachable)
    assert "refused" in refused.why
    assert isinstance(silent, Unreachable)


def test_rounds_show_what_each_probe_found_and_one_that_breaks_stops_no_other() -> None:
    def broken() -> Answer:
        raise RuntimeError("a bug")

    async def once(asked: Callable[[], Answer | Unreachable], now: list[float]) -> str:
        web = Task("web", "igd", lambda: judge_service(asked()))
        rounds = Rounds([web, Task("web", "desa", broken)], lambda: now[0])  # type: ignore[arg-type]
        running = asyncio.create_task(rounds.run())
        await asyncio.to_thread(wait_until, lambda: b"igd" in page_of(rounds.families()), "the first round is over", 5)
        page = page_of(rounds.families()).decode()
        running.cancel()
        now[0] += 600
        assert b"igd" not in page_of(rounds.families()), "old findings are not shown"
        rounds.close()
        return page

    page = asyncio.run(once(lambda: Answer(503, {}, b"", 0.25, 864_000.0), [0.0]))
    assert 'hotspot_probe_up{role="web",service="igd"} 0.0' in page
    assert 'hotspot_probe_seconds{role="web",service="igd"} 0.25' in page
    assert 'hotspot_certificate_days_left{role="web",service="igd"} 10.0' in page
    assert "desa" not in page
