"""Recordings of real devices, which lie beside the checkout and are never part of it, replayed by snmpsim."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pysnmp.proto import rfc1902

from monitor.snmp.agent import Rows, Value, plain
from tests.peers.process import free_port, running, wait_until
from tests.peers.snmp_agent import answers, recording

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "recordings"


def recordings() -> Path:
    """The folder (HOTSPOT_RECORDINGS, or ../shared/recordings), or a skip."""
    folder = Path(os.environ.get("HOTSPOT_RECORDINGS", _BESIDE))
    if not folder.is_dir():
        pytest.skip("recordings are not beside this checkout")
    return folder


class RecordedAgent:
    """A recording as the agent of one device, without a wire; ``asked`` keeps the OIDs that were asked for."""

    def __init__(self, name: str) -> None:
        self._values: dict[str, Value] = {}
        self.asked: set[str] = set()
        for oid, value in recording(recordings() / f"{name}.snmprec").items():
            self._values[".".join(map(str, oid))] = _value(value)

    async def scalars(self, oids: Sequence[str]) -> dict[str, Value]:
        self.asked |= set(oids)
        return {oid: self._values[oid] for oid in oids if oid in self._values}

    async def table(self, columns: Sequence[str], _so_far: Rows | None = None) -> Rows:
        self.asked |= set(columns)
        rows: Rows = {}
        for oid, value in self._values.items():
            for column in columns:
                if oid.startswith(column + "."):
                    rows.setdefault(oid[len(column) + 1 :], {})[column] = value
        return {index: row for index, row in rows.items() if columns[0] in row}

    def rest(self) -> None:
        """It holds no socket."""


def expected(name: str) -> Any:
    """What LibreNMS' test suite expects of the recording."""
    return json.loads((recordings() / f"{name}.json").read_text())


def _value(value: Any) -> Value:
    if isinstance(value, rfc1902.IpAddress):
        return str(value.prettyPrint())
    if isinstance(value, rfc1902.OctetString):
        return plain(bytes(value)) or ""
    return str(value) if isinstance(value, rfc1902.ObjectIdentifier) else int(value)


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
