"""Gunicorn's threaded worker, made for phones with weak radio: one that says nothing holds no thread, nor the loop.

As shipped, an idle connection holds a thread for five seconds and a half-sent request for ever; sixteen of them were
the whole portal. And whoever asks for the connection's end and then does not close it, as Android's check does behind
a slow radio, holds the worker's loop for two seconds. A client that trickles octets is bounded by the nginx in front
(deploy/nginx).
"""

from __future__ import annotations

import fcntl
import selectors
import socket
import struct
import termios
import time
from collections import deque
from concurrent.futures import Future
from email.utils import formatdate
from functools import lru_cache, partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from web import plain

IDLE_SECONDS = 10  # browsers open a second connection in advance and use it within this time
SILENT_SECONDS = 5  # in the middle of a request

_PEEK = 8192  # octets; a longer request is a thread's work
_TIMEVAL = struct.pack("ll", SILENT_SECONDS, 0)


def be_impatient(listener: socket.socket) -> None:
    """Connections inherit the receive time-out of their listener (Linux); accepting itself never waits."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL)


def _unsent(sock: socket.socket) -> bool:
    """Whether octets of an earlier answer still wait to go out (Linux): sending more might block."""
    return fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0\0\0\0") != b"\0\0\0\0"


def _peeked(sock: socket.socket) -> bytes:
    try:
        return sock.recv(_PEEK, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:
        return b""


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


class Worker(ThreadWorker):  # type: ignore[misc]
    """New connections wait with the kept-alive ones until their first octet comes."""

    def enqueue_req(self, conn: TConn) -> None:
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.timeout = time.monotonic() + IDLE_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_pending_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        if not self._is_answered(conn, self.pending_conns):
            super().on_pending_socket_readable(conn, client)

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        if not self._is_answered(conn, self.keepalived_conns):
            super().on_client_socket_readable(conn, client)

    def _is_answered(self, conn: TConn, waiting: deque[TConn]) -> bool:
        """A plain request that the room answers out of memory, from a client that has read all it was sent.

        Handing it to a thread and back, and gunicorn's reading and writing, cost several times what the answer does.
        """
        beginnings: tuple[bytes, ...] = getattr(self.wsgi, "quick", ())
        octets = _peeked(conn.sock) if beginnings else b""
        if not octets.startswith(beginnings or b"\0") or _unsent(conn.sock):
            return False
        request = plain.read(octets, conn.client, conn.server)
        if request is None:
            return False
        keep = request.keep and self.alive and len(self.keepalived_conns) < self.max_keepalived
        try:
            said = self._said(request, keep=keep)
        except Exception:  # noqa: BLE001 - nothing is taken off the line yet: gunicorn asks again, and reports it
            return False
        waiting.remove(conn)
        conn.sock.recv(len(octets), socket.MSG_DONTWAIT)
        self._send(conn, said, keep=keep)
        return True

    def _said(self, request: plain.Plain, *, keep: bool) -> bytes:
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        body = b"".join(
            self.wsgi(request.environ, lambda status, headers, _error=None: begun.append((status, headers)))
        )
        return plain.answer(*begun[-1], body, _date(int(time.time())), keep=keep)

    def _send(self, conn: TConn, octets: bytes, *, keep: bool) -> None:
        """Its place in the poller stays; only a client that takes less than a page costs a thread."""
        try:
            taken = conn.sock.send(octets, socket.MSG_DONTWAIT)
        except BlockingIOError:
            taken = 0
        except OSError:
            self._part(conn)
            return
        if taken < len(octets):
            self.poller.unregister(conn.sock)
            rest = self.tpool.submit(self._send_rest, conn, octets[taken:], keep=keep)
            rest.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))
        elif keep:
            conn.set_timeout()
            self.keepalived_conns.append(conn)
            self.poller.modify(conn.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, conn))
        else:
            self._part(conn)

    def _send_rest(self, conn: TConn, octets: bytes, *, keep: bool) -> bool:
        conn.init()
        conn.sock.setblocking(True)
        conn.sock.sendall(octets)
        return keep

    def _part(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Gunicorn waits in its loop for the client to close; that only serves one that is still sending."""
        if fs.cancelled() or fs.exception() or fs.result() is not False or _peeked(conn.sock):
            super().finish_request(conn, fs)
            return
        self.nr_conns -= 1
        conn.close()

    def handle_error(self, req: Any, client: Any, addr: tuple[Any, ...], exc: BaseException) -> None:
        """Gunicorn would log the visitor's address."""
        super().handle_error(req, client, ("a client", *addr[1:]), exc)
