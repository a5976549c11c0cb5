"""hotspot-portal as an operator starts it: --check, gunicorn with two workers, summed metrics, a quick stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.captive_portal.town import Town, small_town, started
from tests.peers.process import wait_until


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with small_town(tmp_path) as town:
        yield town


def get(address: str, path: str) -> str:
    with urllib.request.urlopen(f"http://{address}{path}", timeout=5) as answer:
        return str(answer.read().decode())


def said(town: Town, *options: str, **environ: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [*town.command, *options], env=town.environ | environ, capture_output=True, text=True, timeout=30, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_check_says_in_one_line_that_all_is_in_order(town: Town) -> None:
    assert said(town, "--check") == (0, "portal: 6 sites, 6 NASes, secrets and database are in order\n", "")


def test_missing_secrets_are_all_named_with_where_they_are_asked_for(town: Town) -> None:
    for name in ("HOTSPOT_GRANT_KEY", "HOTSPOT_FLOW_KEY", "HOTSPOT_NAS_GW_PENDOPO_WABUP_UAM_SECRET"):
        del town.environ[name]
    code, out, err = said(town, "--check")
    assert (code, out) == (1, "")
    assert [line.split(": ")[2] for line in err.splitlines()] == [
        "secret flow-key is missing",
        "secret grant-key is missing",
        "secret nas-gw-pendopo-wabup-uam is missing",
    ]


def test_a_database_without_schema_is_refused_in_one_sentence(town: Town) -> None:
    code, _, err = said(town, HOTSPOT_DATABASE=f"sqlite:///{town.folder}/other.db")
    assert code == 1
    assert err.endswith("run: hotspot db upgrade\n")
    assert err.count("\n") == 1


def test_a_taken_port_is_said_in_one_sentence(town: Town) -> None:
    host, port = town.portal.split(":")
    with socket.create_server((host, int(port))):
        code, _, err = said(town)
    assert (code, err) == (
        1,
        f"cannot listen on {town.portal}: Address already in use; is another one running?\n",
    )


def test_two_workers_serve_count_together_and_stop_though_a_browser_holds_on(town: Town) -> None:
    with started(town) as pid:
        addresses = town.announced()
        assert addresses["portal"] == town.portal
        page = "/arrive/gw-alun-alun-besar?mac=02:11:22:33:44:55"
        for _ in range(20):
            assert 'id="connect"' in get(town.portal, page)
        counted = 'hotspot_portal_pages_total{language="id",result="shown",site="alun-alun-besar"} 20.0'
        assert counted in get(addresses["ops"], "/metrics")
        assert get(addresses["ops"], "/-/healthy") == "healthy\n"
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        assert len(children) == 2
        host, port = town.portal.split(":")
        with socket.create_connection((host, int(port))) as idle:
            idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert idle.recv(64).startswith(b"HTTP/1.1 200")  # and stays open, as a browser's connection does
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in children), "workers gone", 30)
            wait_until(lambda: town.announced() == {}, "the announcement withdrawn", 30)
    log = (town.folder / "portal.log").read_text()
    assert '"event": "ready"' in log
    assert "Traceback" not in log


def test_ops_paths_are_not_served_to_visitors(town: Town) -> None:
    with started(town):
        for path in ("/metrics", "/-/healthy"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                get(town.portal, path)
            assert refused.value.code == 404
            refused.value.close()
