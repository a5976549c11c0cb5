"""Phones that open a connection and say nothing, or half of what they wanted, do not keep the others out."""

from __future__ import annotations

import contextlib
import socket
import time
import urllib.request
from pathlib import Path

import pytest

from tests.integration.captive_portal.town import small_town, started


@pytest.mark.parametrize(("first", "patience"), [(b"", 2), (b"GET / HTTP/1.1\r\nHost: x\r\n", 25)])
def test_a_crowd_of_silent_connections_does_not_stop_the_page(tmp_path: Path, first: bytes, patience: float) -> None:
    with small_town(tmp_path) as town, started(town), contextlib.ExitStack() as crowd:
        host, port = town.portal.split(":")
        for _ in range(24):
            silent = crowd.enter_context(socket.create_connection((host, int(port))))
            silent.sendall(first)
        time.sleep(0.2)
        with urllib.request.urlopen(f"http://{town.portal}/", timeout=patience) as page:
            assert page.status == 200
        log = (town.folder / "portal.log").read_text()
    assert "Traceback" not in log


def test_what_is_no_request_is_logged_without_the_visitors_address(tmp_path: Path) -> None:
    with small_town(tmp_path) as town, started(town):
        host, port = town.portal.split(":")
        with socket.create_connection((host, int(port))) as garbage:
            garbage.sendall(b"\x00\x01\r\n\r\n")
            assert garbage.recv(64).startswith(b"HTTP/1.1 400")
        lines = [line for line in (town.folder / "portal.log").read_text().splitlines() if "Invalid request" in line]
    assert len(lines) == 1
    assert host not in lines[0]
