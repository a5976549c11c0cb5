"""Probes on real sockets: a small captive network on loopback, its resolver, its page and its internet."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select

from hotspot.metrics import page_of
from hotspot.store import Store
from hotspot.tables import reading_hours
from monitor.probes.captive import Check
from monitor.probes.citizen import Journey, address_of, look_out, walk
from monitor.probes.fetch import Answer, Unreachable, fetch
from monitor.probes.kept import ANSWER, CAME_IN, WAY_IN, keep
from monitor.probes.rounds import Rounds, Task, Visitor
from monitor.probes.speed import measure
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


def test_what_a_citizen_found_is_kept_by_the_hour(store: Store) -> None:
    handler = type("Site", (Captive,), {"online": False, "helps": True})
    with served(handler) as port:
        check = Check("android", f"http://127.0.0.1:{port}/generate_204", 204)
        first, second = walk(LO, check), walk(LO, check)
        answers = look_out(LO, (check, Check("apple", f"http://127.0.0.1:{port}/", 204)))
    with store.writing() as connection:
        for journey in (first, replace(second, answers=answers), Journey(("address",), "no page")):
            keep(connection, "alun", 3600, journey)
    with store.reading() as connection:
        kept = {row.what: (row.samples, row.total) for row in connection.execute(select(reading_hours))}

    assert first.seconds is not None
    assert second.seconds is None, "who is still in did not come in"
    assert len(answers) == 1, "a target that answers otherwise has no time"
    assert kept == {CAME_IN: (3, 2.0), WAY_IN: (1, first.seconds), ANSWER: (1, answers[0])}


class Files(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path != "/gone" else 404)
        self.send_header("Content-Length", str(FILE))
        self.end_headers()
        with contextlib.suppress(OSError):  # the probe goes when it has had enough
            self.wfile.write(bytes(FILE if self.path == "/file" else 10))

    def log_message(self, *_: object) -> None:
        pass


FILE = 300_000


def test_a_file_is_downloaded_for_its_speed_once_a_day() -> None:
    now = [0.0]
    handler = type("Site", (Captive,), {"online": True})
    with served(Files) as port, served(handler) as inside, pytest.MonkeyPatch.context() as patch:
        check = Check("android", f"http://127.0.0.1:{inside}/generate_204", 204)
        patch.setattr("monitor.probes.rounds.citizen.walk", lambda way: walk(way, check))
        patch.setattr("monitor.probes.rounds.citizen.look_out", lambda way: look_out(way, (check,)))
        visitor = Visitor(LO, f"http://127.0.0.1:{port}/file", lambda: now[0])
        speeds = []
        for now[0] in (0.0, 3600.0, 86_400.0):
            speeds.append(visitor.walk().speed)
        broken = [measure(f"http://127.0.0.1:{port}/{name}", LO) for name in ("gone", "short")]

    assert [speed is not None and speed > 0 for speed in speeds] == [True, False, True]
    assert broken == [None, None]


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
