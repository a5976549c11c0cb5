"""Plain requests are read as gunicorn reads them; whatever is not plain is left to it."""

from __future__ import annotations

import pytest
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]
from gunicorn.http.wsgi import create  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from web import plain

HERE, THERE, DOOR = ("127.0.0.1", 4711), ("10.1.0.7", 4711), ("127.0.0.1", 8080)
GET = b"GET /arrive/gw?mac=02%3A11&x=a+b HTTP/1.1\r\nHost: wifi.example\r\n"


@pytest.mark.parametrize(
    "head",
    [
        GET,
        GET + b"Connection: close\r\n",
        GET + b"connection:Keep-Alive\r\nAccept-Language: id,en;q=0.5\r\nUser-Agent: a \t b \r\nX-Empty:\r\n",
        GET + b"X-Forwarded-Proto: https\r\nX-Forwarded-For: 10.1.0.7\r\n",
        b"GET /generate_204 HTTP/1.1\r\nhOST: a\r\n",
        b"GET /a/?? HTTP/1.1\r\nHost: a\r\n",
    ],
)
def test_a_plain_request_is_read_as_gunicorn_reads_it(head: bytes) -> None:
    request = plain.read(head + b"\r\n", HERE, DOOR)
    assert request is not None
    _, theirs = create(by_gunicorn(head + b"\r\n"), None, HERE, DOOR, Config())
    ours = request.environ
    wanted = {name: value for name, value in theirs.items() if isinstance(value, str) and name != "SERVER_SOFTWARE"}
    assert {name: ours.get(name) for name in wanted} == wanted
    assert {name for name in ours if name.startswith("HTTP_")} == {name for name in theirs if name.startswith("HTTP_")}
    assert request.keep is (b"close" not in head)


@pytest.mark.parametrize(
    "octets",
    [
        GET,  # not ended
        GET + b"\r\nGET / HTTP/1.1\r\n",
        GET + b"\r\nbody",
        GET + b"Content-Length: 0\r\n\r\n",
        GET + b"Transfer-Encoding: chunked\r\n\r\n",
        GET + b"Expect: 100-continue\r\n\r\n",
        GET + b"Upgrade: h2c\r\n\r\n",
        GET + b"Connection: keep-alive, Upgrade\r\n\r\n",
        GET + b"host: another\r\n\r\n",
        GET + b"X: 1\r\nx: 2\r\n\r\n",
        GET + b"Under_score: 1\r\n\r\n",
        GET + b"X : 1\r\n\r\n",
        GET + b" folded\r\n\r\n",
        GET + b"X: a\nY: b\r\n\r\n",
        GET + b"X: \x00\r\n\r\n",
        GET + b"X: \xff\r\n\r\n",
        GET.replace(b"HTTP/1.1", b"HTTP/1.0") + b"\r\n",
        GET.replace(b"GET", b"POST") + b"\r\n",
        GET.replace(b"arrive", b"arr%69ve") + b"\r\n",
        GET.replace(b"/arrive", b"http://x/arrive") + b"\r\n",
        GET.replace(b"a+b", b"a#b") + b"\r\n",
        GET.replace(b"\r\n", b"\n") + b"\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
        b"",
    ],
)
def test_what_is_not_plain_is_left_to_gunicorn(octets: bytes) -> None:
    assert plain.read(octets, HERE, DOOR) is None


def test_only_this_machine_is_believed_that_a_visitor_came_by_https() -> None:
    octets = GET + b"X-Forwarded-Proto: https\r\n\r\n"
    request = plain.read(octets, HERE, DOOR)
    assert request is not None
    assert request.environ["wsgi.url_scheme"] == "https"
    assert plain.read(octets, THERE, DOOR) is None
    assert plain.read(GET + b"X-Forwarded-Proto: ftp\r\n\r\n", HERE, DOOR) is None


@given(st.binary(max_size=60), st.integers(0, len(GET)))
def test_no_octets_raise_or_bring_a_line_end_into_a_header(more: bytes, at: int) -> None:
    request = plain.read(GET[:at] + more + GET[at:] + b"\r\n", HERE, DOOR)
    if request is not None:
        words = "".join(value for name, value in request.environ.items() if name.startswith("HTTP_"))
        assert "\r" not in words
        assert "\n" not in words


def test_an_answer_is_one_piece_that_says_its_length() -> None:
    octets = plain.answer("200 OK", [("Content-Type", "text/html")], b"page", "Tue, 24 Nov 2026", keep=True)
    assert octets == (
        b"HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026\r\nConnection: keep-alive\r\n"
        b"Content-Type: text/html\r\nContent-Length: 4\r\n\r\npage"
    )
    named = plain.answer("302 Found", [("Content-Length", "0")], b"", "x", keep=False)
    assert named.count(b"Content-Length") == 1
    assert b"Connection: close" in named
    with pytest.raises(ValueError, match="line end"):
        plain.answer("200 OK", [("Location", "/\r\nSet-Cookie: a=b")], b"", "x", keep=True)


def by_gunicorn(octets: bytes) -> object:
    return next(RequestParser(Config(), iter([octets]), HERE))
