"""A plain request as WSGI has it, and its answer as octets (pure): what is not plain is gunicorn's to read.

Plain is a GET of HTTP/1.1 without a body, printable, each header once, and none that changes how what follows is read.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from wsgiref.types import WSGIEnvironment

_REQUEST = re.compile(r"GET (/[!\"$&->@-~]*)(?:\?([!\"$-~]*))? HTTP/1\.1\r\n((?:[A-Za-z0-9-]+:[\t -~]*\r\n)+)\r\n")
# RFC 9112 section 6 and RFC 9110 sections 7.8 and 10.1.1; the last are other words for the next line's header.
_MEANINGFUL = frozenset(
    (
        *("CONTENT-LENGTH", "TRANSFER-ENCODING", "EXPECT", "UPGRADE", "HTTP2-SETTINGS", "TE", "TRAILER"),
        *("PROXY-CONNECTION", "X-FORWARDED-SSL", "X-FORWARDED-PROTOCOL"),
    )
)
_SCHEME = "HTTP_X_FORWARDED_PROTO"  # believed from this machine alone, as gunicorn does
_HERE = frozenset(("127.0.0.1", "::1"))
_NO_BODY = frozenset(("204", "304"))


class Plain(NamedTuple):
    environ: WSGIEnvironment
    keep: bool  # whether the client leaves the connection open


def read(octets: bytes, client: Sequence[object], server: Sequence[object]) -> Plain | None:
    """One whole request, or None for anything that is not plain."""
    found = _REQUEST.fullmatch(octets.decode("latin-1"))
    if found is None:
        return None
    path, query, head = found.groups()
    headers: dict[str, str] = {}
    for line in head.splitlines():
        name, _, value = line.partition(":")
        key = "HTTP_" + name.upper().replace("-", "_")
        if key in headers or name.upper() in _MEANINGFUL:
            return None
        headers[key] = value.strip(" \t")
    wants = headers.get("HTTP_CONNECTION", "keep-alive").lower()
    scheme = headers.get(_SCHEME, "http")
    if wants not in ("keep-alive", "close") or not headers.get("HTTP_HOST"):
        return None
    if scheme != "http" and (scheme != "https" or client[0] not in _HERE):
        return None
    return Plain({**headers, **_environ(path, query or "", scheme, client, server)}, wants == "keep-alive")


def _environ(path: str, query: str, scheme: str, client: Sequence[object], server: Sequence[object]) -> WSGIEnvironment:
    """PEP 3333."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "RAW_URI": f"{path}?{query}" if query else path,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": str(client[0]),
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def answer(status: str, headers: Iterable[tuple[str, str]], body: bytes, date: str, *, keep: bool) -> bytes:
    """All of it in one piece; a page that named no length is measured."""
    lines = [f"HTTP/1.1 {status}", f"Date: {date}", f"Connection: {'keep-alive' if keep else 'close'}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if not any(line.startswith(("Content-Length:", "content-length:")) for line in lines):
        lines.append(f"Content-Length: {len(body)}")
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) - 1:
        raise ValueError("a header with a line end")
    return f"{head}\r\n\r\n".encode("latin-1") + (b"" if status[:3] in _NO_BODY else body)
