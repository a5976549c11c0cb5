"""A Telegram of our own on loopback: takes what bots send, and tells what came."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs


@dataclass
class Telegram:
    url: str
    messages: list[dict[str, str]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [str(one["text"]) for one in self.messages]


@contextlib.contextmanager
def telegram() -> Iterator[Telegram]:
    class Bot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if "json" in self.headers.get("Content-Type", ""):
                said = json.loads(body)
            else:
                said = {key: values[0] for key, values in parse_qs(body.decode()).items()}
            said = {"path": self.path, **said}
            place.messages.append(said)
            sent = {"message_id": 1, "date": 1, "chat": {"id": int(said.get("chat_id", 0)), "type": "group"}}
            reply = json.dumps({"ok": True, "result": sent}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Bot)
    place = Telegram(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
