"""A message provider on loopback: keeps what it is sent and answers as it is told, by HTTP or HTTPS."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.peers.certificate import certificate


@dataclass
class Provider:
    """``answers`` are status and body, one a request and the last for ever; ``slow`` is real seconds before each."""

    url: str = ""
    answers: list[tuple[int, bytes]] = field(default_factory=lambda: [(200, b'{"id":"1"}')])
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    slow: float = 0.0
    location: str = ""

    def answer(self) -> tuple[int, bytes]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that refuses our certificate is what is tested."""


@contextlib.contextmanager
def provider(tls: Path | None = None) -> Iterator[Provider]:
    """With ``tls``, a file for a certificate that names localhost and signs itself."""
    told = Provider()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.asked.append((self.path, {name.lower(): text for name, text in self.headers.items()}, body))
            time.sleep(told.slow)
            status, content = told.answer()
            with contextlib.suppress(OSError):  # whoever asked may have lost patience
                self.send_response(status)
                if told.location:
                    self.send_header("Location", told.location)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = _Quiet(("127.0.0.1", 0), Desk)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(tls, "localhost"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    told.url = f"{'https' if tls else 'http'}://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
