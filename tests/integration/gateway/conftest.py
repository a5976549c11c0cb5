"""Situations at a site's own door: the kernel enforcing between two phones and an internet."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from gateway.admission import Admission, Octets
from gateway.kernel import Kernel
from hotspot.mac import Mac
from tests.peers.freeradius import FreeRadius, freeradius
from tests.peers.gateway_place import MACS, PHONES, PHONES6, PLACE, Site, connected, inside, settle, site
from tests.peers.gateway_radius import HERE, SECRET, USERS
from tests.peers.internet import SINK
from tests.peers.namespace import Namespace

MEGABIT = 1_000_000


def admission(number: int, up: int = 50 * MEGABIT, down: int = 50 * MEGABIT, seconds: int = 600) -> Admission:
    """What the kernel is told of the first or second phone."""
    addresses = (ip_address(PHONES[number]), ip_address(PHONES6[number]))
    return Admission(0x10 + number, Mac.parse(MACS[number]), addresses, up, down, seconds)


@dataclass(frozen=True)
class Door:
    """A site whose kernel enforces; each call is made inside the gateway's namespace."""

    site: Site
    kernel: Kernel

    def restarted(self) -> Door:
        """The same site under a process that knows nothing of what the earlier one did."""
        again = replace(self, kernel=Kernel(self.site.place))
        again.install()
        return again

    def install(self) -> None:
        with inside(self.site.gate):
            self.kernel.install()

    def admit(self, *admissions: Admission) -> None:
        with inside(self.site.gate):
            self.kernel.admit(admissions)

    def cut(self, *marks: int) -> dict[int, Octets]:
        with inside(self.site.gate):
            return self.kernel.cut(marks)

    def counters(self) -> dict[int, Octets]:
        with inside(self.site.gate):
            return self.kernel.counters()

    def remove(self) -> None:
        with inside(self.site.gate):
            self.kernel.remove()


@contextlib.contextmanager
def uploading(phone: Namespace, outside: str) -> Iterator[socket.socket]:
    """Sends as fast as it is let, from another thread, until the block ends."""
    connection = connected(phone, outside, SINK)
    thread = threading.Thread(target=_send, args=(connection,))
    thread.start()
    try:
        yield connection
    finally:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        thread.join()
        connection.close()


def _send(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(bytes(16_384))


def interface(place: Namespace, port: str, what: str) -> int:
    """One counter of an interface, such as ``rx_bytes``."""
    rows = json.loads(place.run("ip", "-j", "-s", "link", "show", "dev", port))
    direction, _, unit = what.partition("_")
    return int(rows[0]["stats64"][direction][unit])


def as_a_service() -> None:
    """What a process in the gateway's namespace does that has few rights; it says how far it came."""
    kernel = Kernel(PLACE)
    kernel.install()
    print("installed")
    kernel.admit([admission(0)])
    print("admitted", len(kernel.counters()))
    print("cut", len(kernel.cut([0x10])))
    kernel.remove()
    print("removed")


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """Two settled phones with both families before an installed gateway, nobody online."""
    with site(tmp_path) as place:
        opened = Door(place, Kernel(place.place))
        opened.install()
        for phone, address, address6 in zip(place.phones, PHONES, PHONES6, strict=True):
            settle(phone, address, address6)
        yield opened


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreeRadius]:
    with freeradius(tmp_path_factory.mktemp("freeradius"), {HERE: SECRET.reveal()}, USERS) as started_:
        yield started_


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits that fit into a test."""
    for name, pace in (("LOGIN_PACE", (0.2, 0.3)), ("REPORT_PACE", (0.3, 0.3)), ("PROBE_PACE", (0.2,))):
        monkeypatch.setattr(f"gateway.radius_client.{name}", pace)
    monkeypatch.setattr("gateway.radius_client.PROBE_EVERY", 0.2)
    monkeypatch.setattr("gateway.sender.FIRST_PAUSE", 0.1)
    monkeypatch.setattr("gateway.sender.LONGEST_PAUSE", 0.3)
