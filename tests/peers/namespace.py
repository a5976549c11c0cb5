"""Network namespaces of a test's own, joined by veth pairs and bridges, taken down again afterwards."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.process import program

ROOT = Path(__file__).parent.parent.parent


class Namespace:
    """A network of its own, named so that no other test has the same."""

    def __init__(self) -> None:
        self.name = f"hs-{uuid.uuid4().hex[:8]}"
        self.program = program("ip", "iproute2")

    def ip(self, *words: str) -> None:
        """Run ``ip`` inside."""
        _run(self.program, "-n", self.name, *words)

    def command(self, *words: str) -> list[str]:
        """The command line that runs a program inside."""
        return [self.program, "netns", "exec", self.name, *words]

    def run(self, *words: str) -> str:
        """Run a program inside and return what it printed."""
        return _run(*self.command(*words))

    def python(self, text: str, *words: str) -> str:
        """Run a Python text inside, from the repository's root."""
        return self.run(sys.executable, "-c", text, *words)

    def allow_ping_sockets(self) -> None:
        self.run(program("sysctl", "procps"), "-w", "net.ipv4.ping_group_range=0 2147483647")


@contextlib.contextmanager
def namespace() -> Iterator[Namespace]:
    if os.geteuid() != 0:
        pytest.skip("needs root to make network namespaces")
    made = Namespace()
    done = subprocess.run([made.program, "netns", "add", made.name], capture_output=True, text=True, check=False)
    if "not permitted" in done.stderr or "denied" in done.stderr:
        pytest.skip("needs the right to make network namespaces (CAP_SYS_ADMIN)")
    assert done.returncode == 0, done.stderr
    try:
        made.ip("link", "set", "lo", "up")
        yield made
    finally:
        _run(made.program, "netns", "del", made.name)


End = tuple[Namespace, str, str]


def join(*ends: End) -> None:
    """A cable between two ends, each ``(namespace, port, "10.0.0.1/24")``; an empty address for a port without one."""
    (a, a_port, _), (b, b_port, _) = ends
    a.ip("link", "add", a_port, "type", "veth", "peer", "name", b_port, "netns", b.name)
    for place, port, address in ends:
        if address:
            place.ip("addr", "add", address, "dev", port)
        place.ip("link", "set", port, "up")


def bridge(place: Namespace, name: str, *ports: str) -> None:
    """A switch inside a namespace with these ports."""
    place.ip("link", "add", name, "type", "bridge")
    place.ip("link", "set", name, "up")
    for port in ports:
        place.ip("link", "set", port, "master", name)


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, f"{' '.join(command[:6])}: {done.stderr or done.stdout}"
    return done.stdout
