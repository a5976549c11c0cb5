"""The operator's listener: does this door stand, and what has it counted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from http import HTTPStatus

from hotspot.command import OperatorError
from hotspot.metrics import CONTENT_TYPE

REQUEST_SECONDS = 5
_TEXT = "text/plain; charset=utf-8"


class Ops:
    """``/-/healthy`` and ``/metrics``, one request a connection; ``fault`` is a sentence while something is wrong."""

    def __init__(self, fault: Callable[[], str | None], page: Callable[[], bytes]) -> None:
        self._fault = fault
        self._page = page
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> str:
        try:
            self._server = await asyncio.start_server(self._serve, host or None, port)
        except OSError as error:
            raise OperatorError(f"cannot listen on {host}:{port}: {error.strerror}; set HOTSPOT_GATEWAY_OPS") from None
        name = self._server.sockets[0].getsockname()
        return f"{name[0]}:{name[1]}"

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), REQUEST_SECONDS)
            status, kind, body = self._answer(*head.split(b" ", 2)[:2])
            writer.write(
                f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            )
            writer.write(body)
            await writer.drain()
        writer.close()

    def _answer(self, method: bytes, path: bytes = b"") -> tuple[HTTPStatus, str, bytes]:
        if method != b"GET":
            return HTTPStatus.METHOD_NOT_ALLOWED, _TEXT, b"only GET\n"
        if path == b"/metrics":
            return HTTPStatus.OK, CONTENT_TYPE, self._page()
        if path == b"/-/healthy":
            fault = self._fault()
            status = HTTPStatus.SERVICE_UNAVAILABLE if fault else HTTPStatus.OK
            return status, _TEXT, f"{fault or 'the door stands'}\n".encode()
        return HTTPStatus.NOT_FOUND, _TEXT, b"here are /-/healthy and /metrics\n"
