"""The gateway's working parts as the service joins them, without its listeners: kernel, book, queue, RADIUS client."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from gateway.book import Book
from gateway.gate import Gate
from gateway.identity import Identity
from gateway.keeper import Keeper
from gateway.kernel import Kernel
from gateway.place import Place
from gateway.queue import Queue
from gateway.radius_client import RadiusClient, Server
from hotspot.allowance import Limits
from hotspot.secret import Secret
from tests.peers.freeradius import FreeRadius, freeradius

HERE, SECRET = "127.0.0.1", "rahasia-perbandingan"
NAME, WORD = "gaaaaaaaaaaaaaaaa", "sesame"
LIMITS = Limits(seconds=86_400, idle=0, octets=None, up=2_000_000, down=8_000_000, interim=300)
_USERS = f"""\
{NAME} Cleartext-Password := "{WORD}"
     Session-Timeout = 7200, WISPr-Bandwidth-Max-Up = 2000000, WISPr-Bandwidth-Max-Down = 8000000,
     Class = 0x6873313a61, Message-Authenticator = 0x00

DEFAULT Auth-Type := Reject
     Message-Authenticator = 0x00
"""


@dataclass
class Clock:
    """Time that goes when it is told to."""

    at: float = 1_790_000_000.0
    rehearsal: bool = True

    def now(self) -> float:
        return self.at


@dataclass(frozen=True)
class Staff:
    clock: Clock
    queue: Queue
    keeper: Keeper
    gate: Gate

    def client(self, server: FreeRadius) -> RadiusClient:
        """Within a loop that runs."""
        servers = [Server(HERE, server.auth[1], server.acct[1])]
        identity = Identity("gw-bench", ip_address(HERE))
        return RadiusClient(identity, servers, Secret(SECRET), now=self.clock.now, otherwise=LIMITS)


@contextlib.contextmanager
def staff(folder: Path, place: Place) -> Iterator[Staff]:
    """Leaves nothing in the kernel or on disk."""
    queue, clock = Queue(folder / "reports"), Clock()
    keeper = Keeper(Kernel(place), Book(folder / "sessions.json"), clock, queue.put)
    keeper.restore()
    try:
        yield Staff(clock, queue, keeper, Gate(keeper))
    finally:
        keeper.leave()
        queue.close()


@contextlib.contextmanager
def server(folder: Path) -> Iterator[FreeRadius]:
    """Debian's, in the namespace of whoever calls."""
    with freeradius(folder, {HERE: SECRET}, _USERS) as found:
        yield found
