"""One trial: load, kills at random moments, a clean end, and two sets compared."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.away import Away, Weather
from tests.chaos.evidence import findings
from tests.chaos.fleet import Fleet
from tests.conftest import ROOT
from tests.integration.radius.conftest import Town
from tests.peers.process import wait_until

START_SECONDS = 30
CALM_SECONDS = 300
LIFE_SECONDS = 0.5  # on average, once it is ready
LONGER_SECONDS = 2.0  # where it has to find out first that the database is away
ABSENT_SECONDS = 65.0  # once: longer than reports may disagree about a stay's start (radius/accounting.py)


@dataclass(frozen=True)
class Result:
    """A line of var/chaos.json. ``lost`` was acknowledged and is not in the database."""

    case: str
    tried: int
    injected: int
    acknowledged: int
    lost: int
    crashes: int
    seconds: float


class Life:
    """RADIUS from one start to its end."""

    def __init__(self, town: Town, ports: dict[str, str]) -> None:
        self._announced = town.state / "run" / "radius.json"
        with town.log.open("ab") as log:
            self.process = subprocess.Popen(
                town.command, env=town.environ | ports, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    @property
    def is_ready(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            return bool(json.loads(self._announced.read_text())["pid"] == self.process.pid)
        return False

    def wait_ready(self) -> bool:
        """False when it ended instead."""
        wait_until(lambda: self.is_ready or self.process.poll() is not None, "RADIUS is ready", START_SECONDS)
        return self.process.poll() is None

    def kill(self) -> None:
        """All its workers with it, as systemd does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_worker(self, dice: random.Random) -> None:
        """One of several: the others go on, and another takes its place."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(dice.choice(children)), signal.SIGKILL)


def trial(
    town: Town, case: str, *, ports: dict[str, str], kills: int, away: Away | None, seed: int, absent: float = 0
) -> Result:
    """Runs until ``kills`` processes were killed; the database of ``town`` must be empty.

    Half-way RADIUS is not started again for ``absent`` seconds.
    """
    began = time.monotonic()
    dice = random.Random(seed)
    fleet = Fleet(_nases(town), _address(ports["HOTSPOT_RADIUS_ACCT"]), town.state / "acknowledged.log")
    weather = Weather(away, random.Random(seed + 1))
    fleet.start()
    weather.start()
    life = LIFE_SECONDS if away is None else LONGER_SECONDS
    crashes = sum(_kill_one(town, ports, dice, life) for _ in range(kills // 2))
    time.sleep(absent)
    crashes += sum(_kill_one(town, ports, dice, life) for _ in range(kills - kills // 2))
    weather.stop()
    with _calm(town, ports) as crashed:
        fleet.pause()
        wait_until(lambda: fleet.is_idle, "every report is acknowledged", CALM_SECONDS)
        wait_until(lambda: not list((town.state / "journal").iterdir()), "the journals are applied", CALM_SECONDS)
    acknowledged = fleet.stop()
    found = findings(town, acknowledged)
    if found:
        _keep_evidence(town, found, ROOT / "var" / f"chaos-{seed}")
    seconds = round(time.monotonic() - began, 1)
    return Result(case, fleet.tried, kills, len(acknowledged), len(found), crashes + crashed, seconds)


def _kill_one(town: Town, ports: dict[str, str], dice: random.Random, life_seconds: float) -> int:
    """Starts RADIUS until a process could be killed; how many ended by themselves before."""
    crashes = 0
    while True:
        life = Life(town, ports)
        if dice.random() < 0.1:  # while it starts, or has just begun to apply what the last one left
            time.sleep(dice.uniform(0.3, 1.5))
        elif life.wait_ready():
            time.sleep(dice.expovariate(1 / life_seconds))
            if "HOTSPOT_RADIUS_WORKERS" in ports and dice.random() < 0.5:
                life.kill_worker(dice)
                time.sleep(dice.expovariate(1 / life_seconds))
        if life.process.poll() is None:
            life.kill()
            return crashes
        crashes += 1


@contextlib.contextmanager
def _calm(town: Town, ports: dict[str, str]) -> Iterator[int]:
    """A last life that is left in peace and ends when it is told to."""
    life = Life(town, ports)
    if not life.wait_ready():
        raise RuntimeError(f"RADIUS does not start again: {_last_line(town.log)}")
    yield 0
    life.process.terminate()
    if life.process.wait(10) != 0:
        raise RuntimeError(f"RADIUS did not end well: {_last_line(town.log)}")


def _keep_evidence(town: Town, found: Sequence[str], folder: Path) -> None:
    """The whole state stays, with one line for each record that is not as it was acknowledged."""
    shutil.copytree(town.state, folder, dirs_exist_ok=True)
    (folder / "findings.txt").write_text("\n".join(found) + "\n")
    print(*found[:20], f"{len(found)} findings, all of them in {folder / 'findings.txt'}", sep="\n", file=sys.stderr)


def _nases(town: Town) -> list[tuple[str, str, bytes]]:
    return [(nas.id, nas.address, town.secret(nas.id).encode()) for nas in town.sites.nases]


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _last_line(log: Path) -> str:
    lines = log.read_text().splitlines()
    return lines[-1] if lines else ""
