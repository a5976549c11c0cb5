"""The command as an operator meets it: one line when all is well, one sentence when not, and where it listens."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from hotspot.running import addresses_of
from hotspot.secret import SecretSource
from hotspot.sites import Sites
from hotspot.store import Store
from tests.conftest import ROOT
from tests.peers.process import free_port, running, wait_until


@pytest.fixture
def environ(tmp_path: Path, sites: Sites, store: Store) -> dict[str, str]:
    """A state folder with every secret and an upgraded SQLite store."""
    secrets = SecretSource(tmp_path / "secrets", {})
    for name in ("grant-key", *(f"nas-{nas.id}" for nas in sites.nases)):
        secrets.make(name)
    listeners = {f"HOTSPOT_RADIUS_{name}": "127.0.0.1:0" for name in ("AUTH", "ACCT", "OPS")}
    places = {"HOTSPOT_STATE": str(tmp_path), "HOTSPOT_SITES": str(ROOT / "sites.yaml")}
    return {name: value for name, value in os.environ.items() if not name.startswith("HOTSPOT_")} | places | listeners


def radius(environ: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "radius", *options]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False, timeout=20)


def test_a_check_says_in_one_line_that_all_is_well(environ: dict[str, str]) -> None:
    done = radius(environ, "--check")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "radius: 6 NASes, their secrets and the database are in order\n"


def test_missing_secrets_are_named_all_at_once_with_their_lines(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "secrets" / "grant-key").unlink()
    (tmp_path / "secrets" / "nas-gw-pendopo-wabup").unlink()

    done = radius(environ, "--check")

    assert (done.returncode, done.stdout) == (1, "")
    assert [line.split(": ")[2].split(" is")[0] for line in done.stderr.splitlines()] == [
        "secret grant-key",
        "secret nas-gw-pendopo-wabup",
    ]
    assert "HOTSPOT_NAS_GW_PENDOPO_WABUP_SECRET" in done.stderr


def test_a_secret_that_everyone_can_read_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "secrets" / "grant-key").chmod(0o644)

    assert "run chmod 600" in radius(environ, "--check").stderr


def test_a_taken_port_is_one_sentence(environ: dict[str, str]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        done = radius(environ | {"HOTSPOT_RADIUS_ACCT": taken})

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"cannot listen on {taken}/udp: Address already in use; set HOTSPOT_RADIUS_ACCT"
    )


def test_an_old_database_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    done = radius(environ, "--check", "--database", f"sqlite:///{tmp_path}/empty.db")

    assert done.returncode == 1
    assert "run: hotspot db upgrade" in done.stderr


def test_weak_secrets_are_complained_about_without_being_shown(environ: dict[str, str], tmp_path: Path) -> None:
    weak = {"HOTSPOT_NAS_GW_PENDOPO_WABUP_SECRET": "testing123", "HOTSPOT_NAS_GW_PENDOPO_BUPATI_SECRET": "testing123"}
    log = tmp_path / "log"
    with running([sys.executable, "-m", "radius"], log, environ | weak, cwd=ROOT):
        wait_until(lambda: addresses_of(tmp_path / "run", "radius"), "RADIUS is ready")

    assert "gw-pendopo-bupati, gw-pendopo-wabup: shorter than 16" in log.read_text()
    assert "gw-pendopo-bupati, gw-pendopo-wabup: the same" in log.read_text()
    assert "testing123" not in log.read_text()


def test_the_operators_listener_serves_health_and_metrics_and_nothing_else(
    environ: dict[str, str], tmp_path: Path
) -> None:
    ops = f"127.0.0.1:{free_port()}"
    with running([sys.executable, "-m", "radius"], tmp_path / "log", environ | {"HOTSPOT_RADIUS_OPS": ops}, cwd=ROOT):
        wait_until(lambda: addresses_of(tmp_path / "run", "radius"), "RADIUS is ready")
        assert urllib.request.urlopen(f"http://{ops}/-/healthy", timeout=5).read() == b"the database commits\n"
        page = urllib.request.urlopen(f"http://{ops}/metrics", timeout=5).read().decode()
        codes = {path: _refused(ops, path) for path in ("/", "/metrics/x")}
        with socket.create_connection(("127.0.0.1", int(ops.rpartition(":")[2])), 5) as rude:
            rude.sendall(b"POST /metrics HTTP/1.1\r\n\r\n")
            assert rude.recv(100).startswith(b"HTTP/1.1 405 ")

    assert "hotspot_radius_commit_seconds_count" in page
    assert codes == {"/": 404, "/metrics/x": 404}
    assert addresses_of(tmp_path / "run", "radius") is None


def _refused(ops: str, path: str) -> int:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"http://{ops}{path}", timeout=5)
    with refusal.value:
        return refusal.value.code


def test_several_workers_want_postgresql_and_a_number(environ: dict[str, str]) -> None:
    done = radius(environ, "--workers", "2")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("several workers need PostgreSQL, because SQLite lets one process write at a time;")
    assert radius(environ, "--workers", "none").stderr.endswith("is a number from 1 to 64, not none\n")
