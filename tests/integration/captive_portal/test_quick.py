"""Requests that are answered out of memory take no thread; whatever else looks like one is a thread's work."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.integration.captive_portal.town import Town, small_town, started

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
