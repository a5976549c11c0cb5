"""The operator's listener: is RADIUS able to commit, and what has it counted."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from hotspot.metrics import CONTENT_TYPE

REQUEST_SECONDS = 5
_TEXT = "text/plain; charset=utf-8"
Answer = tuple[HTTPStatus, str, bytes]


class Ops:
    """``/-/healthy`` and ``/metrics`` over HTTP/1.0-style exchanges: one request, one answer, closed."""

    def __init__(self, healthy: Callable[[], Awaitable[bool]], page: Callable[[], bytes]) -> None:
        self._healthy = healthy
        self._page = page
        self._server: asyncio.Server | None = None

    async def start(self, listening: socket.socket) -> None:
        self._server = await asyncio.start_server(self._serve, sock=listening)

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), REQUEST_SECONDS)
            status, kind, body = await self._answer(head)
            writer.write(
                f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            )
            writer.write(body)
            await writer.drain()
        writer.close()

    async def _answer(self, head: bytes) -> Answer:
        method, _, rest = head.partition(b" ")
        path = rest.partition(b" ")[0].partition(b"?")[0]
        if method != b"GET":
            return HTTPStatus.METHOD_NOT_ALLOWED, _TEXT, b"only GET\n"
        if path == b"/metrics":
            return HTTPStatus.OK, CONTENT_TYPE, self._page()
        if path == b"/-/healthy":
            if await self._healthy():
                return HTTPStatus.OK, _TEXT, b"the database commits\n"
            return HTTPStatus.SERVICE_UNAVAILABLE, _TEXT, b"the database does not commit\n"
        return HTTPStatus.NOT_FOUND, _TEXT, b"here are /-/healthy and /metrics\n"
