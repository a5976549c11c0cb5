"""Start a program, wait until it is ready, stop it by its own pid, and show what it said when it failed."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest


def program(name: str, package: str) -> str:
    """The path of a program, or a skip that names the Debian package it comes in."""
    postgres = ":".join(str(folder) for folder in Path("/usr/lib/postgresql").glob("*/bin"))
    found = shutil.which(name, path=f"/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin:{postgres}")
    if found is None:
        pytest.skip(f"needs {name} (Debian package {package})")
    return found


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM, host: str = "127.0.0.1") -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], object], what: str, seconds: float = 20) -> None:
    """Poll until ``ready`` is true; fail with a sentence that says what did not happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if ready():
                return
        time.sleep(0.05)
    pytest.fail(f"not within {seconds:g} s: {what}")


@contextlib.contextmanager
def running(
    command: Sequence[str],
    log: Path,
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process whose output goes to ``log``; ended by its pid when the block ends."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command), stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environ, cwd=cwd
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(stop)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
