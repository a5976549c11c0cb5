"""A gateway's RADIUS side in tests: one of our town's, or one that FreeRADIUS knows, and its reports on their way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TypeVar

from gateway.accounting import Record, Who, going_on, started, stopped
from gateway.admission import Octets
from gateway.identity import Identity
from gateway.queue import Queue
from gateway.radius_client import Accept, NoAnswer, RadiusClient, Reject, Server
from gateway.sender import Sender
from gateway.session import Cause
from hotspot.allowance import Limits
from hotspot.mac import Mac
from hotspot.secret import Secret
from tests.peers.freeradius import FreeRadius
from tests.peers.house import House
from tests.peers.process import wait_until

NAS = "gw-pendopo-wabup"
MAC = Mac("021122000001")
PHONE = ip_address("10.70.7.20")
SECRET = Secret("a secret of FreeRADIUS' own")
HERE = "127.0.0.1"
POLICY = Limits(seconds=7200, idle=900, octets=None, up=2_000_000, down=8_000_000, interim=300)
USERS = """\
gast Cleartext-Password := "sandi"
     Session-Timeout = 3600, Idle-Timeout = 600, WISPr-Bandwidth-Max-Up = 1000000, WISPr-Bandwidth-Max-Down = 4000000,
     Class = 0x6873313a61, Class = 0x62, Reply-Message = "halo", Message-Authenticator = 0x00

tua Cleartext-Password := "sandi"
     Session-Timeout = 3600
"""
NOW = 1_780_000_000

T = TypeVar("T")


@dataclass
class Clock:
    """Time that a test moves."""

    at: float = NOW

    def now(self) -> float:
        return self.at


def at_home(town: House) -> RadiusClient:
    """The client of a gateway of the town."""
    nas = town.sites.nas[NAS]
    auth, acct = (town.address("radius", name).rpartition(":") for name in ("auth", "acct"))
    return RadiusClient(
        Identity(NAS, ip_address(nas.address)),
        [Server(auth[0], int(auth[2]), int(acct[2]))],
        town.secrets.read(f"nas-{NAS}"),
        now=town.now,
        otherwise=POLICY,
        source=nas.address,
    )


def abroad(
    *servers: Server, clock: Clock | None = None, secret: Secret = SECRET, must_seal: bool = True
) -> RadiusClient:
    """The client of a gateway that FreeRADIUS knows."""
    now = (clock or Clock()).now
    identity = Identity("gw-test", ip_address(HERE))
    return RadiusClient(identity, servers, secret, now=now, otherwise=POLICY, must_seal=must_seal)


def server_of(free: FreeRadius) -> Server:
    return Server(HERE, free.auth[1], free.acct[1])


def run(client: RadiusClient, story: Callable[[RadiusClient], Awaitable[T]]) -> T:
    async def act() -> T:
        try:
            return await story(client)
        finally:
            client.close()

    return asyncio.run(act())


def log_in(client: RadiusClient, user: str, word: str, mac: Mac = MAC) -> Accept | Reject | NoAnswer:
    return run(client, lambda radius: radius.authenticate(user, word, mac, PHONE))


@contextlib.asynccontextmanager
async def draining(queue: Queue, client: RadiusClient) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(Sender(queue, client.account).run()), asyncio.create_task(client.watch())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        client.close()


async def until(ready: Callable[[], object], what: str, seconds: float = 15) -> None:
    await asyncio.to_thread(wait_until, ready, what, seconds)


def stay(name: str) -> Sequence[Record]:
    who = Who(name, "gast", MAC, (PHONE,), (b"hs1:a".hex(),))
    return (
        started(who, NOW),
        going_on(who, NOW + 300, 300, Octets(1, 2, 3, 4)),
        stopped(who, NOW + 600, 600, Octets(5, 2**32 + 6, 7, 8), Cause.USER_REQUEST),
    )
