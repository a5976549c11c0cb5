"""Gunicorn's threaded worker, made for phones with weak radio: one that says nothing holds no thread.

As shipped, an idle connection holds a thread for five seconds and a half-sent request for ever; sixteen of them were
the whole portal. A client that trickles octets is bounded by the nginx in front (deploy/nginx).
"""

from __future__ import annotations

import fcntl
import selectors
import socket
import struct
import termios
import time
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

IDLE_SECONDS = 10  # browsers open a second connection in advance and use it within this time
SILENT_SECONDS = 5  # in the middle of a request

_PEEK = 8192  # octets; a longer request is a thread's work
_END = b"\r\n\r\n"
_TIMEVAL = struct.pack("ll", SILENT_SECONDS, 0)


def be_impatient(listener: socket.socket) -> None:
    """Connections inherit the receive time-out of their listener (Linux); accepting itself never waits."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL)


def _unsent(sock: socket.socket) -> bool:
    """Whether octets of an earlier answer still wait to go out (Linux): sending more might block."""
    return fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0\0\0\0") != b"\0\0\0\0"


class Worker(ThreadWorker):  # type: ignore[misc]
    """New connections wait with the kept-alive ones until their first octet comes."""

    def enqueue_req(self, conn: TConn) -> None:
        if conn.initialized or conn.data_ready:
            if self._is_quick(conn):
                self._answer_here(conn)
            else:
                super().enqueue_req(conn)
            return
        conn.timeout = time.monotonic() + IDLE_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _is_quick(self, conn: TConn) -> bool:
        """A whole request that the room answers out of memory, from a client that has read all it was sent.

        Handing it to a thread and back costs several times what the answer does.
        """
        beginnings: tuple[bytes, ...] = getattr(self.wsgi, "quick", ())
        if not beginnings:
            return False
        try:
            waiting = conn.sock.recv(_PEEK, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except OSError:
            return False
        return waiting.startswith(beginnings) and waiting.find(_END) == len(waiting) - 4 and not _unsent(conn.sock)

    def _answer_here(self, conn: TConn) -> None:
        done: Future[Any] = Future()
        try:
            done.set_result(self.handle(conn))
        except Exception as error:  # noqa: BLE001 - as a thread of the pool would hand it over
            done.set_exception(error)
        self.finish_request(conn, done)

    def handle_error(self, req: Any, client: Any, addr: tuple[Any, ...], exc: BaseException) -> None:
        """Gunicorn would log the visitor's address."""
        super().handle_error(req, client, ("a client", *addr[1:]), exc)
