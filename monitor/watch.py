"""Keeps the sensors' sidecars running and reads what they say on a socket; this side never imports scapy.

Where the monitor itself may open raw sockets (the rehearsal as root) it starts one sidecar a sensor and restarts it
when it ends or falls silent. Under systemd it may not: hotspot-sensor@.service runs them, and only the reading is here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from hotspot.command import OperatorError
from hotspot.log import event
from hotspot.metrics import Family, gauge
from hotspot.sites.model import Sensor
from monitor.rogue import Look, read_look

EVERY_SECONDS = 300.0  # between two looks of a sensor
LOOK_SECONDS = 8.0  # that a look takes, asking twice: a server may test an address for three before it offers it
SILENT_LOOKS = 3  # a sidecar that missed so many is ended and started anew
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_LINE_LIMIT = 8192
log = logging.getLogger(__name__)


def may_look() -> bool:
    """Whether this process can give a sidecar the right to raw sockets (CAP_NET_RAW)."""
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
    except OSError:
        return False
    return True


class Watch:
    """``seen`` gets every look, which takes ``wait`` seconds of the real clock and comes ``every`` so many."""

    def __init__(
        self,
        sensors: Sequence[Sensor],
        path: Path,
        seen: Callable[[Look], None],
        every: float = EVERY_SECONDS,
        wait: float = LOOK_SECONDS,
    ) -> None:
        self._sensors = sensors
        self._path = path
        self._seen = seen
        self._every = every
        self._wait = wait
        self._last: dict[str, float] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        if not self._sensors:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        try:
            self._server = await asyncio.start_unix_server(self._read, self._path, limit=_LINE_LIMIT)
        except OSError as error:
            raise OperatorError(f"{self._path}: cannot listen for sensors here: {error.strerror or error}") from error
        self._path.chmod(0o660)
        if may_look():
            self._tasks = [asyncio.create_task(self._keep(sensor)) for sensor in self._sensors]
        else:
            event(
                log, logging.INFO, "sensors are run by hotspot-sensor@<interface>.service", sensors=len(self._sensors)
            )

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server:
            self._server.close()  # not waited for: from Python 3.12 on that would wait for every client to leave
            self._path.unlink(missing_ok=True)

    def families(self, now: float) -> Iterable[Family]:
        """How long ago each sensor looked, so that a blind sensor is seen."""
        ago = {one.site: self._last[one.interface] for one in self._sensors if one.interface in self._last}
        passed = asyncio.get_running_loop().time()
        yield gauge(
            "hotspot_sensor_last_success_timestamp_seconds",
            "When a site's sensor last looked for DHCP servers.",
            ("site",),
            (((site,), now - (passed - at)) for site, at in ago.items()),
        )

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        known = {sensor.interface for sensor in self._sensors}
        with contextlib.suppress(OSError, ValueError):
            async for line in reader:
                look = read_look(line)
                if look and look.interface in known:
                    self._last[look.interface] = asyncio.get_running_loop().time()
                    self._seen(look)
                else:
                    event(log, logging.WARNING, "a line on the sensors' socket is not a look of a known interface")
        writer.close()

    async def _keep(self, sensor: Sensor) -> None:
        """Start the sidecar again when it ends; the pause doubles while it lives too short to have looked."""
        pause, interface = _FIRST_PAUSE, sensor.interface
        while True:
            began = asyncio.get_running_loop().time()
            said = await self._run(sensor)
            looked = self._last.get(interface, 0.0) > began
            pause = _FIRST_PAUSE if looked else min(_LONGEST_PAUSE, pause * 2)
            event(log, logging.WARNING, "sensor ended and is started again", sensor=interface, pause=pause, said=said)
            await asyncio.sleep(pause)

    async def _run(self, sensor: Sensor) -> str:
        """One life of a sidecar; returns what it said last."""
        words = [
            "--interface",
            sensor.interface,
            "--gateway",
            sensor.gateway or "",
            "--socket",
            str(self._path),
            "--child",
        ]
        words += ["--every", str(self._every), "--wait", str(self._wait)]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "monitor.sidecar", *words),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        watchdog = asyncio.create_task(self._end_when_silent(process, sensor.interface))
        try:
            return await _last_line(process)
        finally:
            watchdog.cancel()
            if process.returncode is None:
                process.terminate()
                await process.wait()

    async def _end_when_silent(self, process: asyncio.subprocess.Process, interface: str) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        left = limit = SILENT_LOOKS * (self._every + self._wait)
        while left > 0:
            await asyncio.sleep(left)
            left = max(began, self._last.get(interface, 0.0)) + limit - loop.time()
        event(log, logging.WARNING, "sensor is silent", sensor=interface)
        process.kill()


async def _last_line(process: asyncio.subprocess.Process) -> str:
    last = ""
    if process.stderr:
        async for line in process.stderr:
            last = line.decode("utf-8", "replace").strip() or last
    await process.wait()
    return last
