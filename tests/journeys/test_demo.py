"""The demo is one command: it says what to open and what is simulated, and a signal ends all of it in five seconds."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.peers import browser
from tests.peers.house import House, build
from tests.peers.process import wait_until


@dataclass
class Demo:
    home: House
    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        return self.log.read_text()

    def family(self) -> list[int]:
        """Every process whose environment names this demo's state folder."""
        mark = f"HOTSPOT_STATE={self.home.state}\0".encode()
        return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ") if mark in _read(path)]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # the process has just ended, or is somebody else's
        return b""


@contextmanager
def demo(folder: Path) -> Iterator[Demo]:
    home = build(folder)
    environ = {name: value for name, value in home.environ.items() if name != "HOTSPOT_CLOCK"}
    log = folder / "demo.log"
    command = [browser.console("hotspot"), "up", "--rehearsal", "--log-level", "warning"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.STDOUT)
    started = Demo(home, process, log)
    try:
        wait_until(lambda: process.poll() is not None or "Stop with Ctrl-C." in started.said(), "the demo is up", 90)
        assert process.poll() is None, started.said()
        yield started
    finally:
        for pid in started.family():
            os.kill(pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module", params=[signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
def ended(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """A demo that ran, was looked at, and was told to stop."""
    with demo(tmp_path_factory.mktemp("demo")) as running:
        portal = running.home.portal_url
        office = f"http://{running.home.address('office', 'office')}"
        seen = {
            "guide": running.said(),
            "portal": urlopen(f"{portal}/").read().decode(),  # noqa: S310 - our own loopback server
            "office": urlopen(f"{office}/").read().decode(),  # noqa: S310
            "family": len(running.family()),
        }
        clock = running.home.clock_file.read_text()
        seen["second"] = running.home.command("hotspot", "up", "--rehearsal")
        seen["clock untouched"] = running.home.clock_file.read_text() == clock
        seen["announced"] = sorted(path.stem for path in (running.home.state / "run").glob("*.json"))
        password = running.home.state / "secrets" / "office-sample-password"
        seen["password mode"] = password.stat().st_mode & 0o777
        seen["password shown"] = password.read_text().strip() in running.said()
        began = time.monotonic()
        os.kill(running.process.pid, request.param)
        seen["exit code"] = running.process.wait(20)
        seen["seconds"] = time.monotonic() - began
        seen["left"] = running.family()
        seen["clock at the end"] = running.home.clock_file.read_text()
        yield seen


def test_it_says_what_to_open_and_what_is_simulated(ended: dict[str, object]) -> None:
    guide = str(ended["guide"])

    for line in ("Open the portal", "Be a visitor", "Open the office", "RADIUS", "Simulated:", "Cause a fault:"):
        assert line in guide
    assert ended["password mode"] == 0o600
    assert ended["password shown"] is False


def test_portal_and_office_say_that_their_data_and_clock_are_not_real(ended: dict[str, object]) -> None:
    for page in (str(ended["portal"]), str(ended["office"])):
        assert "contoh" in page.lower()
        assert "gladi" in page.lower() or "latihan" in page.lower() or "simulasi" in page.lower()


def test_a_signal_ends_all_of_it_within_five_seconds(ended: dict[str, object]) -> None:
    assert int(str(ended["family"])) >= 8
    assert ended["exit code"] == 0
    assert float(str(ended["seconds"])) < 5
    assert ended["left"] == []


def test_a_second_one_in_the_same_folder_is_refused_and_leaves_the_first_alone(ended: dict[str, object]) -> None:
    second = ended["second"]
    assert isinstance(second, subprocess.CompletedProcess)

    assert second.returncode == 1
    assert second.stderr.startswith("another hotspot up is running")
    assert ended["clock untouched"] is True
    assert ended["announced"] == ["lab", "monitor", "office", "portal", "radius"]


def test_the_clock_stands_still_when_all_has_stopped(ended: dict[str, object]) -> None:
    assert str(ended["clock at the end"]).split()[-1] == "0.000000"
