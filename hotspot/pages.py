"""A web server of a few read-only pages on asyncio streams, for operators and Prometheus; one request a connection.

prometheus_client's own server is a thread and serves one path, Flask belongs to the portal and the office, and a
framework for four GETs would be the largest dependency of the services that run on asyncio.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from hotspot.command import OperatorError

_HEAD_LIMIT = 8192
_PATIENCE = 5.0  # seconds for a client to say what it wants, and again to take it
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """An answer; ``headers`` beside length and type.

    ``more`` of the body is made piece by piece, and between two pieces everything else in the loop has its turn.
    """

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Iterable[bytes] = ()


Query = Mapping[str, str]
Route = Callable[[Query], Page | Awaitable[Page]]


def sentence(status: HTTPStatus, text: str) -> Page:
    """A refusal that a person can act on."""
    return Page((text + "\n").encode(), status)


async def serve(host: str, port: int, routes: Mapping[str, Route], option: str) -> asyncio.Server:
    """Listen; the caller closes the server. OperatorError, which names the ``option``, when the address is taken."""
    try:
        return await asyncio.start_server(partial(one_request, routes), host or None, port, limit=_HEAD_LIMIT)
    except OSError as error:
        raise OperatorError(
            f"{option}={host}:{port}: {error.strerror or error}; stop what listens there, or choose another port"
        ) from error


async def one_request(routes: Mapping[str, Route], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What ``asyncio.start_server`` calls; a client that stalls or goes away is let go."""
    with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
        async with asyncio.timeout(_PATIENCE):
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.LimitOverrunError:
                head = b""
        page, bodyless = await answer(routes, head)
        writer.write(_bytes_of(page, bodyless=bodyless))
        async with asyncio.timeout(_PATIENCE):
            await writer.drain()
    writer.close()


async def answer(routes: Mapping[str, Route], head: bytes) -> tuple[Page, bool]:
    """The page for a request's head, and whether only its headers were asked for."""
    words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return sentence(HTTPStatus.BAD_REQUEST, "This is not an HTTP/1.1 request that this server understands."), False
    method, target, _version = words
    if method not in ("GET", "HEAD"):
        return sentence(HTTPStatus.METHOD_NOT_ALLOWED, "These pages are read-only: use GET."), False
    return await _routed(routes, target), method == "HEAD"


async def _routed(routes: Mapping[str, Route], target: str) -> Page:
    try:
        url = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(url.query, max_num_fields=20).items()}
    except ValueError:
        return sentence(HTTPStatus.BAD_REQUEST, "The address cannot be read.")
    route = routes.get(url.path)
    if route is None:
        return sentence(HTTPStatus.NOT_FOUND, f"There are these pages: {' '.join(sorted(routes))}")
    try:
        made = route(query)
        return await _whole(made if isinstance(made, Page) else await made)
    except Exception:
        log.exception("page %s failed", url.path)
        return sentence(HTTPStatus.INTERNAL_SERVER_ERROR, "This page has a bug; the service's log says more.")


async def _whole(page: Page) -> Page:
    pieces = [page.body]
    for piece in page.more:
        pieces.append(piece)
        await asyncio.sleep(0)
    return replace(page, body=b"".join(pieces), more=())


def _bytes_of(page: Page, *, bodyless: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {page.status.value} {page.status.phrase}",
        f"Content-Type: {page.content_type}",
        f"Content-Length: {len(page.body)}",
        "Cache-Control: no-store",
        "Connection: close",
        *(f"{name}: {value}" for name, value in page.headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + (b"" if bodyless else page.body)
