"""The monitor's half of the sensors: who may write on its socket, and what becomes of a sidecar that hangs."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest

from hotspot.sites.model import Sensor
from monitor import watch
from monitor.rogue import Look, Server
from tests.peers.process import wait_until

SENSORS = (Sensor(site="alun-alun-besar", interface="s0", dhcp_servers=("10.66.2.1",)),)
LINE = (
    b'{"probe": "dhcp", "interface": "s0", "servers": [{"server": "10.66.2.1", "router": "", "maker": "02:11:22"}]}\n'
)


def test_looks_of_declared_interfaces_are_taken_and_everything_else_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "may_look", lambda: False)
    seen: list[Look] = []

    async def story() -> int:
        path = tmp_path / "sensor.sock"
        watching = watch.Watch(SENSORS, path, seen.append)
        await watching.start()
        mode = stat.S_IMODE(path.stat().st_mode)
        for lines in (LINE + b"not json\n", LINE.replace(b"s0", b"eth9"), b"x" * 20_000 + b"\n", LINE + b"half a li"):
            _reader, writer = await asyncio.open_unix_connection(path)
            writer.write(lines)
            writer.write_eof()
            await _reader.read()
            writer.close()
        await watching.stop()
        return mode

    assert asyncio.run(story()) == 0o660
    assert seen == [Look("s0", (Server("10.66.2.1", "", "02:11:22"),))] * 2


def test_a_sidecar_that_hangs_is_ended_and_another_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lives = tmp_path / "lives"
    hanging = tmp_path / "hanging"
    hanging.write_text(f"#!/bin/sh\necho $$ >> {lives}\nexec sleep 60\n")
    hanging.chmod(0o755)
    monkeypatch.setattr(watch, "may_look", lambda: True)
    monkeypatch.setattr(watch, "_FIRST_PAUSE", 0.05)
    monkeypatch.setattr(sys, "executable", str(hanging))

    async def story() -> None:
        watching = watch.Watch(SENSORS, tmp_path / "sensor.sock", lambda _look: None, every=0.05, wait=0.05)
        await watching.start()
        await asyncio.to_thread(wait_until, lambda: len(lives.read_text().split()) >= 2, "a second life", 10)
        await watching.stop()

    asyncio.run(story())

    for pid in lives.read_text().split():
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


def test_without_sensors_nothing_is_opened(tmp_path: Path) -> None:
    async def story() -> None:
        watching = watch.Watch((), tmp_path / "sensor.sock", lambda _look: None)
        await watching.start()
        await watching.stop()

    asyncio.run(story())

    assert list(tmp_path.iterdir()) == []
