"""Gunicorn's threaded worker, made for phones with weak radio: one that says nothing holds no thread.

As shipped, an idle connection holds a thread for five seconds and a half-sent request for ever; sixteen of them were
the whole portal. A client that trickles octets is bounded by the nginx in front (deploy/nginx).
"""

from __future__ import annotations

import selectors
import socket
import struct
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

IDLE_SECONDS = 10  # browsers open a second connection in advance and use it within this time
SILENT_SECONDS = 5  # in the middle of a request

_TIMEVAL = struct.pack("ll", SILENT_SECONDS, 0)


def be_impatient(listener: socket.socket) -> None:
    """Connections inherit the receive time-out of their listener (Linux); accepting itself never waits."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL)


class Worker(ThreadWorker):  # type: ignore[misc]
    """New connections wait with the kept-alive ones until their first octet comes."""

    def enqueue_req(self, conn: TConn) -> None:
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.timeout = time.monotonic() + IDLE_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle_error(self, req: Any, client: Any, addr: tuple[Any, ...], exc: BaseException) -> None:
        """Gunicorn would log the visitor's address."""
        super().handle_error(req, client, ("a client", *addr[1:]), exc)
