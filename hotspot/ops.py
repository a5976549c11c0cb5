"""The operator's listener of services on asyncio: is all well, and what was counted; one request a connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from hotspot.metrics import CONTENT_TYPE

REQUEST_SECONDS = 5
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Health:
    well: bool
    sentence: str


class Ops:
    """``/-/healthy`` and ``/metrics``; :meth:`serve` is what ``asyncio.start_server`` calls."""

    def __init__(self, health: Callable[[], Awaitable[Health]], page: Callable[[], bytes]) -> None:
        self._health = health
        self._page = page

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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

    async def _answer(self, head: bytes) -> tuple[HTTPStatus, str, bytes]:
        method, _, rest = head.partition(b" ")
        path = rest.partition(b" ")[0].partition(b"?")[0]
        if method != b"GET":
            return HTTPStatus.METHOD_NOT_ALLOWED, _TEXT, b"only GET\n"
        if path == b"/metrics":
            return HTTPStatus.OK, CONTENT_TYPE, self._page()
        if path == b"/-/healthy":
            health = await self._health()
            status = HTTPStatus.OK if health.well else HTTPStatus.SERVICE_UNAVAILABLE
            return status, _TEXT, f"{health.sentence}\n".encode()
        return HTTPStatus.NOT_FOUND, _TEXT, b"here are /-/healthy and /metrics\n"
