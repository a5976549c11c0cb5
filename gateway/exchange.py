"""One HTTP exchange a connection, small enough for a door that strangers' phones knock at: read, answer, close."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

LONGEST_HEAD = 8192  # a userurl of some phones is 2 kB, cookies of strange sites are longer and nobody's business
MOST_FIELDS = 16
MOST_CONNECTIONS = 1024
MOST_OF_ONE = 24  # a phone's apps all try at once when it joins
HEAD_SECONDS = 5.0
CLOSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Ask:
    """A request; ``host`` is what the client believes to talk to, lower-case, with its port where one was written."""

    method: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: HTTPStatus
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


Respond = Callable[[Ask, str], Awaitable[Answer]]


def read(head: bytes) -> Ask | None:
    """None for what is no request of HTTP/1.x. In a proxy's form of the target the host stands in the target."""
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    headers = dict(_header(line) for line in reversed(lines) if ":" in line)  # the first of two counts
    try:
        target = urlsplit(words[1])
        query = dict(reversed(parse_qsl(target.query, max_num_fields=MOST_FIELDS)))
    except ValueError:
        return None
    host = (target.netloc or headers.get("host", "")).lower()
    return Ask(words[0], host, target.path or "/", query, headers.get("accept", ""))


def write(answer: Answer, *, bodiless: bool = False) -> bytes:
    headers = (*answer.headers, ("Content-Length", str(len(answer.body))), ("Connection", "close"))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    head = f"HTTP/1.1 {answer.status.value} {answer.status.phrase}\r\n{lines}\r\n".encode("latin-1")
    return head if bodiless else head + answer.body


def redirect(url: str) -> Answer:
    """302 is what every captive check knows; nothing may keep it (RFC 8952 section 2.1 and the checks' own habits)."""
    return Answer(HTTPStatus.FOUND, (("Location", url), ("Cache-Control", "no-store")))


class Server:
    """``respond`` is given the request and the client's address."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._open: Counter[str] = Counter()
        self._servers: list[asyncio.Server] = []

    async def start(self, hosts: Iterable[str], port: int, tls: ssl.SSLContext | None = None) -> list[str]:
        """Listen; the addresses as ``host:port``. An OSError says which one is taken or not there."""
        patience = {"ssl_handshake_timeout": HEAD_SECONDS, "ssl_shutdown_timeout": CLOSE_SECONDS} if tls else {}
        server = await asyncio.start_server(
            self._serve, list(hosts), port, limit=LONGEST_HEAD, backlog=MOST_CONNECTIONS, ssl=tls, **patience
        )
        self._servers.append(server)
        return [_written(listener.getsockname()) for listener in server.sockets]

    def stop(self) -> None:
        for server in self._servers:
            server.close()
        self._servers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        address = str(peer[0]).partition("%")[0] if peer else ""
        if not address or self._open[address] >= MOST_OF_ONE or self._open.total() >= MOST_CONNECTIONS:
            writer.transport.abort()
            return
        self._open[address] += 1
        try:
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._exchange(reader, writer, address)
        finally:
            self._open[address] -= 1
            self._open += Counter()  # forgets whoever has none open
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
        ask = read(head)
        answer = await self._respond(ask, address) if ask else Answer(HTTPStatus.BAD_REQUEST)
        writer.write(write(answer, bodiless=ask is not None and ask.method == "HEAD"))
        await asyncio.wait_for(writer.drain(), CLOSE_SECONDS)


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


def _written(name: tuple[str, int]) -> str:
    return f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"
