"""Recordings of real devices, which lie beside the checkout and are never part of it, replayed by snmpsim."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.process import free_port, running, wait_until
from tests.peers.snmp_agent import answers

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "recordings"


def recordings() -> Path:
    """The folder (HOTSPOT_RECORDINGS, or ../shared/recordings), or a skip."""
    folder = Path(os.environ.get("HOTSPOT_RECORDINGS", _BESIDE))
    if not folder.is_dir():
        pytest.skip("recordings are not beside this checkout")
    return folder


@contextlib.contextmanager
def snmpsim(folder: Path, names: list[str]) -> Iterator[int]:
    """A UDP port on which each recording answers under its own name as the community."""
    source = recordings()
    data = folder / "data"
    data.mkdir(parents=True)
    for name in names:
        (data / f"{name}.snmprec").write_bytes((source / f"{name}.snmprec").read_bytes())
    port = free_port(socket.SOCK_DGRAM)
    command = [
        str(Path(sys.executable).parent / "snmpsim-command-responder"),
        f"--data-dir={data}",
        f"--cache-dir={folder / 'cache'}",
        f"--agent-udpv4-endpoint=127.0.0.1:{port}",
    ]
    log = folder / "snmpsim.log"
    with running(command, log, {**os.environ, "SNMPSIM_ALLOW_ROOT": "true"}) as process:
        up = lambda: process.poll() is not None or answers("127.0.0.1", port, names[0])  # noqa: E731 - said once
        wait_until(up, f"snmpsim answers; see {log}")
        yield port
