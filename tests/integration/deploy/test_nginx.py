"""The shipped nginx file in front of a portal: accepted by nginx, and without a visitor's MAC in any log."""

from __future__ import annotations

import os
import re
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.peers.process import free_port, program, running, wait_until

CONF = Path(__file__).parent.parent.parent.parent / "deploy" / "nginx" / "hotspot.conf"
MAC = "02:11:22:aa:bb:cc"
MAIN = """{user}
pid {folder}/nginx.pid; error_log {folder}/main.log; daemon off;
events {{}}
http {{
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; access_log off;
    include {folder}/hotspot.conf;
}}
"""


class Echo(BaseHTTPRequestHandler):
    """A portal that answers with what it was asked."""

    def do_GET(self) -> None:
        words = (self.path, *(self.headers[name] for name in ("Host", "X-Forwarded-Proto", "X-Forwarded-For")))
        body = " ".join(words).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def portal() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A certificate of our own, and room for logs."""
    command = [program("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "1", "-subj", "/CN=wifi.example.go.id", "-keyout", str(tmp_path / "privkey.pem")]
    subprocess.run([*command, "-out", str(tmp_path / "fullchain.pem")], check=True, capture_output=True)
    return tmp_path


def configure(folder: Path, clear: int, tls: int, upstream: int) -> list[str]:
    text = CONF.read_text().replace("/etc/ssl/hotspot", str(folder)).replace("/var/log/nginx", str(folder))
    text = re.sub(r"\n    listen \[::\].*", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{clear};").replace("listen 443", f"listen 127.0.0.1:{tls}")
    (folder / "hotspot.conf").write_text(text.replace("127.0.0.1:8080", f"127.0.0.1:{upstream}"))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    return [program("nginx", "nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def test_nginx_accepts_the_file(folder: Path) -> None:
    command = configure(folder, free_port(), free_port(), free_port())
    done = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_a_visitor_passes_and_her_mac_is_in_no_log(folder: Path) -> None:
    clear, tls = free_port(), free_port()
    path = f"/arrive/gw-1?mac={MAC}"
    with portal() as upstream, running(configure(folder, clear, tls, upstream), folder / "out.log"):
        wait_until(lambda: get(HTTPConnection("127.0.0.1", clear), "/").status, "nginx answers")
        sent_on = get(HTTPConnection("127.0.0.1", clear), path)
        assert (sent_on.status, sent_on.location) == (307, f"https://wifi.example.go.id{path}")
        answer = get(HTTPSConnection("127.0.0.1", tls, context=trust(folder)), path)
        assert answer.body == f"{path} wifi.example.go.id https 127.0.0.1"
        for hidden in ("/v/123456789", "/my-data/receipt/ABCDEFGHJK", "/complaints/7"):
            assert get(HTTPSConnection("127.0.0.1", tls, context=trust(folder)), hidden).status == 200
    # The portal is away now: this is where nginx would quote the whole request in its error log.
    with running(configure(folder, clear, tls, free_port()), folder / "out.log"):
        wait_until(lambda: get(HTTPConnection("127.0.0.1", clear), "/").status, "nginx answers again")
        assert get(HTTPSConnection("127.0.0.1", tls, context=trust(folder)), path).status == 502

    logs = {one.name: one.read_text() for one in folder.glob("*.log")}
    assert '"GET /arrive/gw-1" 200' in logs["hotspot.log"]
    assert '"GET /arrive/gw-1" 502' in logs["hotspot.log"]
    assert '"GET /v/-" 200' in logs["hotspot.log"]
    hidden_words = (MAC, "?", "123456789", "ABCDEFGHJK", "/complaints/7")
    assert not [name for name, text in logs.items() if any(word in text for word in hidden_words)]


@dataclass(frozen=True)
class Answer:
    """What a client got."""

    status: int
    location: str | None
    body: str


def get(connection: HTTPConnection, path: str) -> Answer:
    headers = {"Host": "wifi.example.go.id", "Referer": f"http://x/?mac={MAC}"}
    with closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers["Location"], answer.read().decode())


def trust(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    context.check_hostname = False
    return context
