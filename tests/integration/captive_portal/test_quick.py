"""Requests that are answered out of memory take no thread; whatever else looks like one is a thread's work."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest

from tests.integration.captive_portal.town import Town, small_town, started
from web.worker import Worker

ARRIVE = "/arrive/gw-alun-alun-besar?mac=02:11:22:33:44:55&ip=10.1.0.7"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with small_town(tmp_path_factory.mktemp("quick")) as town, started(town):
        yield town


def talk(town: Town, *pieces: bytes) -> bytes:
    host, _, port = town.portal.rpartition(":")
    with socket.create_connection((host, int(port)), 10) as phone:
        for piece in pieces:
            phone.sendall(piece)
        answer = b""
        while more := phone.recv(65536):
            answer += more
    return answer


def request(path: str, more: str = "", method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\n{more}Connection: close\r\n\r\n".encode()


def test_a_whole_request_and_one_in_pieces_get_the_same_page(town: Town) -> None:
    whole = request(ARRIVE)
    for pieces in ([whole], [whole[:30], whole[30:]], [whole[:-1], whole[-1:]]):
        answer = talk(town, *pieces)
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert b'id="connect"' in answer


def test_one_connection_carries_quick_and_slow_requests_in_turn(town: Town) -> None:
    host, _, port = town.portal.rpartition(":")
    with socket.create_connection((host, int(port)), 10) as phone:
        for path in (ARRIVE, "/services", ARRIVE, "/notice"):
            phone.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            answer = b""
            while not answer.rstrip().endswith(b"</html>"):
                answer += phone.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("more", ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Bad Header\r\n"])
def test_a_request_that_is_not_plain_harms_nobody(town: Town, more: str) -> None:
    talk(town, request(ARRIVE, more) + b"0\r\n\r\n")
    assert talk(town, request("/generate_204")).startswith(b"HTTP/1.1 302")


def test_a_head_has_no_body(town: Town) -> None:
    head, _, body = talk(town, request(ARRIVE, method="HEAD")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert body == b""


@pytest.mark.parametrize("path", [ARRIVE, "/services"])
def test_nobody_waits_for_phones_that_do_not_close_their_connection(town: Town, path: str) -> None:
    """Gunicorn as shipped stands still for two seconds at each: these would take longer than a minute."""
    host, _, port = town.portal.rpartition(":")
    began, open_ones = time.monotonic(), []
    for _ in range(80):
        phone = socket.create_connection((host, int(port)), 30)
        phone.sendall(request(path))
        while phone.recv(65536):
            pass
        open_ones.append(phone)
    took = time.monotonic() - began
    for phone in open_ones:
        phone.close()
    assert took < 40


class Line:
    """A worker's side of one connection, with all of the worker that sending touches."""

    def __init__(self, sock: socket.socket) -> None:
        self.conn = self
        self.sock = sock
        self.done: list[bool] = []
        self.over = threading.Event()
        self.poller = self.method_queue = self
        self.tpool = ThreadPoolExecutor(1)
        self.keepalived_conns: deque[Any] = deque()

    def init(self) -> None: ...

    def unregister(self, _sock: socket.socket) -> None: ...

    def defer(self, _finish: object, _conn: object, future: Any) -> None:
        self.done.append(future.result())
        self.over.set()

    def finish_request(self) -> None: ...

    def _send_rest(self, _conn: object, octets: bytes, *, keep: bool) -> bool:
        return Worker._send_rest(cast("Any", self), self, octets, keep=keep)


def test_a_phone_that_takes_less_than_a_page_gets_the_rest_from_a_thread() -> None:
    page = bytes(range(256)) * 8192
    ours, theirs = socket.socketpair()
    with ours, theirs:
        line = Line(ours)
        Worker._send(cast("Any", line), line, page, keep=True)
        got = b""
        while len(got) < len(page):
            got += theirs.recv(65536)
        assert line.over.wait(30)
        line.tpool.shutdown()
    assert got == page
    assert line.done == [True]
    assert not line.keepalived_conns
