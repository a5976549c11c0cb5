"""Just enough of an HTTP/1.1 server for a NAS: it sees the raw target and the client's address, and answers once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

_PATIENCE = 10  # seconds for a request to arrive
_LONGEST_BODY = 65536


@dataclass(frozen=True)
class Request:
    """``target`` as it stood in the request line; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: str
    client: str

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    @property
    def url(self) -> str:
        """The address as the browser wrote it."""
        return f"http://{self.headers.get('host', '')}{self.target}"


@dataclass(frozen=True)
class Response:
    status: int
    body: str = ""
    location: str | None = None


Handler = Callable[[Request], Awaitable[Response]]


def page(body: str) -> Response:
    return Response(200, body)


def redirect(location: str) -> Response:
    return Response(302, location=location)


async def serve(host: str, port: int, handler: Handler) -> asyncio.Server:
    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await asyncio.wait_for(_read(reader, writer.get_extra_info("peername")[0]), _PATIENCE)
            response = Response(400, "not HTTP") if request is None else await handler(request)
            writer.write(_written(response, head_only=request is not None and request.method == "HEAD"))
            await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # the client went away or spoke nonsense; a NAS keeps no record of that
        finally:
            writer.close()

    return await asyncio.start_server(connection, host, port, reuse_address=True)


async def _read(reader: asyncio.StreamReader, client: str) -> Request | None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    words = first.split(" ")
    if len(words) != 3:
        return None
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = min(int(headers.get("content-length", "0")), _LONGEST_BODY)
    body = (await reader.readexactly(length)).decode("latin-1")
    return Request(words[0], words[1], headers, body, client)


def _written(response: Response, *, head_only: bool) -> bytes:
    body = response.body.encode()
    lines = [
        f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}",
        "Cache-Control: no-store",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    if response.location is not None:
        lines.append(f"Location: {response.location}")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode()
    return head if head_only else head + body
