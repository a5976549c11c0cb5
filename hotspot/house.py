"""The services as processes of ours: started by name, watched, and stopped together within five seconds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from hotspot.clock import Clock
from hotspot.command import OPERATOR, Settings
from hotspot.running import addresses_of, withdraw

READY_SECONDS = 60
STOP_SECONDS = 4
NIGHTLY_SECONDS = 3600


def options_of(settings: Settings) -> list[str]:
    """The shared options, passed on to a service as they were given."""
    return ["--sites", str(settings.sites), "--database", settings.database, "--log-level", settings.log_level]


class House:
    """The running services as processes of ours; each is stopped by its own pid."""

    def __init__(self, settings: Settings, environ: dict[str, str], clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._environ = environ
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # a closed terminal ends us, unless under nohup
            signal.signal(signal.SIGHUP, self._on_signal)

    def start(self, services: dict[str, str]) -> None:
        for service, module in services.items():
            withdraw(self._settings.run_folder, service)
            self._children[service] = subprocess.Popen(
                [sys.executable, "-m", module, *options_of(self._settings)],
                env=self._environ,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the others in order
            )

    def wait_ready(self, services: dict[str, str]) -> bool:
        end = time.monotonic() + READY_SECONDS
        while not self._stopping and self._dead() is None:
            missing = [name for name in services if addresses_of(self._settings.run_folder, name) is None]
            if not missing:
                return True
            if time.monotonic() > end:
                print(f"not ready within {READY_SECONDS} s: {', '.join(missing)}", file=sys.stderr)
                return False
            time.sleep(0.1)
        self._report_death()
        return False

    def watch(self) -> int:
        """Until a signal (0) or until a service ends by itself (1); the nightly job runs every hour."""
        next_nightly = self._clock.now() + NIGHTLY_SECONDS
        while not self._stopping and self._dead() is None:
            if self._clock.now() >= next_nightly:
                next_nightly = self._clock.now() + NIGHTLY_SECONDS
                self._run_nightly()
            time.sleep(0.2)
        return self._report_death()

    def stop(self) -> None:
        """SIGTERM to all, and SIGKILL to what is left shortly before the promised five seconds are over."""
        for child in self._children.values():
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + STOP_SECONDS
        for service, child in self._children.items():
            try:
                child.wait(max(0.05, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            withdraw(self._settings.run_folder, service)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _dead(self) -> str | None:
        services = (name for name in self._children if name != "nightly")
        return next((name for name in services if self._children[name].poll() is not None), None)

    def _report_death(self) -> int:
        if self._stopping or (service := self._dead()) is None:
            return 0
        code = self._children[service].returncode
        print(f"{service} ended by itself with exit code {code}; its own lines above say why", file=sys.stderr)
        return OPERATOR

    def _run_nightly(self) -> None:
        if (last := self._children.get("nightly")) and last.poll() is None:
            return
        command = [sys.executable, "-m", "hotspot.nightly", *options_of(self._settings)]
        self._children["nightly"] = subprocess.Popen(command, env=self._environ, start_new_session=True)
