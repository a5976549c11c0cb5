"""One HTTP exchange: what is read of a stranger's request, and what goes back."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.exchange import Answer, Ask, read, redirect, write


def test_a_request_is_read_by_its_target_and_host() -> None:
    head = b"GET /login?user=a&password=b%20c&after= HTTP/1.1\r\nHOST: 10.70.7.1:3990\r\nAccept: text/html\r\n\r\n"

    assert read(head) == Ask("GET", "10.70.7.1:3990", "/login", {"user": "a", "password": "b c"}, "text/html")


def test_a_proxys_form_names_the_host_in_the_target() -> None:
    asked = read(b"GET http://Captive.Apple.com/hotspot-detect.html HTTP/1.1\r\nHost: other\r\n\r\n")

    assert asked is not None
    assert (asked.host, asked.path) == ("captive.apple.com", "/hotspot-detect.html")


def test_of_two_headers_or_fields_the_first_counts() -> None:
    asked = read(b"GET /?user=a&user=b HTTP/1.1\r\nHost: one\r\nHost: two\r\n\r\n")

    assert asked is not None
    assert (asked.host, asked.query) == ("one", {"user": "a"})


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"\x16\x03\x01\x02",
        b"GET http://[ HTTP/1.1\r\n\r\n",
    ],
    ids=["nothing", "empty", "HTTP/0.9", "HTTP/2", "TLS", "broken target"],
)
def test_what_is_no_request_is_none(head: bytes) -> None:
    assert read(head) is None


def test_more_fields_than_any_page_of_ours_has_are_refused() -> None:
    assert read(b"GET /?" + b"&".join(b"a=b" for _ in range(17)) + b" HTTP/1.1\r\n\r\n") is None


@given(st.binary(max_size=300))
def test_any_octets_are_a_request_or_none(head: bytes) -> None:
    assert read(head) is None or isinstance(read(head), Ask)


def test_a_redirect_is_never_kept_and_has_no_body() -> None:
    assert write(redirect("https://wifi.example/arrive/gw")) == (
        b"HTTP/1.1 302 Found\r\nLocation: https://wifi.example/arrive/gw\r\nCache-Control: no-store\r\n"
        b"Content-Length: 0\r\nConnection: close\r\n\r\n"
    )


def test_who_asks_for_the_head_gets_the_head() -> None:
    answer = Answer(HTTPStatus.OK, (), b"body")

    assert write(answer).endswith(b"Content-Length: 4\r\nConnection: close\r\n\r\nbody")
    assert write(answer, bodiless=True).endswith(b"Content-Length: 4\r\nConnection: close\r\n\r\n")
