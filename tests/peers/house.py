"""The whole house on free addresses: real commands, a fresh store, generated secrets, a lab clock that obeys."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hotspot.clock import LabClock, set_lab_clock
from hotspot.running import addresses_of
from hotspot.secret import SecretSource
from hotspot.sites import Sites, load
from hotspot.store import Store, open_store, upgrade
from hotspot.up import OWN_KEYS, equipment_secrets
from tests.peers.process import free_port, running, wait_until

ROOT = Path(__file__).parent.parent.parent
SAMPLE_NET = "127.66."
_SHM = Path("/dev/shm")  # noqa: S108 - memory that Linux shows as a folder; the names in it are random
MORNING = "2026-11-24T09:00:00+07:00"  # a Tuesday; every sample site but Romansa Kuliner is open
LISTENERS = (
    *("PORTAL_OPS", "RADIUS_AUTH", "RADIUS_ACCT", "RADIUS_OPS"),
    *("MONITOR_LISTEN", "TRAPS", "OFFICE_LISTEN", "OFFICE_OPS"),
)


@dataclass
class House:
    """Where everything is. ``sites_file`` is the sample town moved to a free piece of loopback."""

    state: Path
    sites_file: Path
    sites: Sites
    environ: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def database(self) -> str:
        return self.environ["HOTSPOT_DATABASE"]

    @property
    def clock_file(self) -> Path:
        return self.state / "clock"

    @property
    def secrets(self) -> SecretSource:
        return SecretSource(self.state / "secrets", {})

    @property
    def portal_url(self) -> str:
        return self.sites.office.portal_url

    def address(self, service: str, listener: str) -> str:
        """``host:port`` that a running service announced, as one can connect to it."""
        announced = addresses_of(self.state / "run", service)
        assert announced is not None, f"{service} is not running"
        host, _, port = announced[listener].rpartition(":")
        return f"{'127.0.0.1' if host in ('', '0.0.0.0', '[::]') else host}:{port}"

    def log(self, service: str) -> str:
        return (self.state / f"{service}.log").read_text()

    def now(self) -> float:
        clock = LabClock(self.clock_file)
        try:
            return clock.now()
        finally:
            clock.close()

    def set_time(self, at: str | float, rate: float = 1.0) -> None:
        """Move the lab clock: UTC seconds, or ISO 8601 with an offset."""
        moment = datetime.fromisoformat(at).timestamp() if isinstance(at, str) else at
        set_lab_clock(self.clock_file, moment, rate)

    @contextlib.contextmanager
    def store(self) -> Iterator[Store]:
        opened = open_store(self.database)
        try:
            yield opened
        finally:
            opened.close()

    def command(self, *words: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run one of the console commands to its end; its exit code and output are the caller's to judge."""
        command = [_console(words[0]), *words[1:]]
        return subprocess.run(
            command, env=self.environ, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False
        )

    @contextlib.contextmanager
    def service(self, name: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
        """A service from its console command, up when the block begins and stopped by SIGTERM when it ends."""
        (self.state / "run" / f"{name}.json").unlink(missing_ok=True)
        log = self.state / f"{name}.log"
        with running([_console(f"hotspot-{name}"), *options], log, self.environ, ROOT) as process:
            self.processes[name] = process
            self._wait_for(name, process, log)
            yield process

    def _wait_for(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        def ready() -> bool:
            if process.poll() is not None:
                pytest.fail(f"hotspot-{name} ended with {process.returncode}:\n{log.read_text()[-3000:]}")
            return addresses_of(self.state / "run", name) is not None

        wait_until(ready, f"hotspot-{name} writes run/{name}.json; it said:\n{log.read_text()[-3000:]}", 30)


@contextlib.contextmanager
def house(
    tmp_path: Path,
    sites_file: Path = ROOT / "sites.yaml",
    services: Iterable[str] = ("portal", "radius"),
    *,
    at: str | float = MORNING,
    rate: float = 1.0,
    environ: Mapping[str, str] | None = None,
    volatile: bool = False,
) -> Iterator[House]:
    """Start the services in their order and stop them in the reverse one; ``environ`` overrides settings.

    ``volatile`` keeps the state in memory, for a month whose every record would wait for the disk.
    """
    with contextlib.ExitStack() as stack:
        state = stack.enter_context(_memory()) if volatile and _SHM.is_dir() else tmp_path / "state"
        built = build(tmp_path, sites_file, at=at, rate=rate, environ=environ, state=state)
        for name in services:
            stack.enter_context(built.service(name))
        yield built


def build(
    tmp_path: Path,
    sites_file: Path = ROOT / "sites.yaml",
    *,
    at: str | float = MORNING,
    rate: float = 1.0,
    environ: Mapping[str, str] | None = None,
    state: Path | None = None,
) -> House:
    """The house with nothing running: sites file, secrets, store with the current schema, clock."""
    state = state or tmp_path / "state"
    state.mkdir(exist_ok=True)
    portal = f"127.0.0.1:{free_port()}"
    moved = tmp_path / "sites.yaml"
    text = sites_file.read_text().replace(SAMPLE_NET, _free_net()).replace("127.0.0.1:8080", portal)
    moved.write_text(text)
    sites = load(moved)
    database = f"sqlite:///{state}/hotspot.db"
    built = House(state, moved, sites, _environment(state, moved, database, portal, environ or {}))
    for name in (*OWN_KEYS, *equipment_secrets(sites)):
        built.secrets.make(name)
    built.set_time(at, rate)
    with built.store() as opened:
        upgrade(opened)
    return built


@contextlib.contextmanager
def _memory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hotspot-", dir=_SHM) as folder:
        yield Path(folder)


def _environment(state: Path, sites_file: Path, database: str, portal: str, more: Mapping[str, str]) -> dict[str, str]:
    kept: dict[str, Any] = {key: value for key, value in os.environ.items() if not key.startswith("HOTSPOT_")}
    return {
        **kept,
        "HOTSPOT_SITES": str(sites_file),
        "HOTSPOT_STATE": str(state),
        "HOTSPOT_DATABASE": database,
        "HOTSPOT_CLOCK": str(state / "clock"),
        "HOTSPOT_PORTAL_LISTEN": portal,
        **{f"HOTSPOT_{name}": "127.0.0.1:0" for name in LISTENERS},
        **more,
    }


def _console(name: str) -> str:
    """A console command of the environment that runs the tests."""
    path = Path(sys.executable).parent / name
    assert path.exists(), f"{path} is missing; install the project into this environment"
    return str(path)


def _free_net() -> str:
    """A /16 of loopback whose NAS and SNMP ports nobody holds: tests run beside each other and beside a demo."""
    start = (os.getpid() + time.monotonic_ns() // 1000) % 60
    for i in range(60):
        net = f"127.{67 + (start + i) % 60}."
        pages = all(_is_free(f"{net}{n}.1", port) for n in range(1, 7) for port in (8180, 3990, 3799))
        if pages and _is_free(f"{net}0.1", 10161, socket.SOCK_DGRAM):
            return net
    pytest.fail("no free piece of loopback for a town")


def _is_free(host: str, port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:  # on UDP it would let us share a port that is in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
