"""A gateway that only reports: it puts stays into the queue and sends them, and prints each report once it is kept."""

from __future__ import annotations

import asyncio
import sys
import time
from ipaddress import ip_address
from itertools import count
from pathlib import Path

from gateway.accounting import Record, Who, going_on, started, stopped
from gateway.admission import Octets
from gateway.identity import Identity
from gateway.queue import Queue
from gateway.radius_client import RadiusClient, Server
from gateway.sender import Sender
from gateway.session import Cause
from hotspot.allowance import Limits
from hotspot.mac import Mac
from hotspot.secret import Secret

LIMITS = Limits(seconds=7200, idle=900, octets=None, up=1_000_000, down=1_000_000, interim=300)


def stay(name: str, at: int) -> tuple[Record, ...]:
    who = Who(name, "gast", Mac("021122000001"))
    return (
        started(who, at),
        *(going_on(who, at + n, n, Octets(n, n, n, n)) for n in (1, 2, 3)),
        stopped(who, at + 4, 4, Octets(4, 4, 4, 4), Cause.USER_REQUEST),
    )


async def report(folder: Path, port: int, secret: str, run: str) -> None:
    """With a run's name: make stays for ever, two of them side by side. Without: send what is left and end."""
    queue = Queue(folder)
    identity = Identity("gw-test", ip_address("127.0.0.1"))
    servers = [Server("127.0.0.1", port, port)]
    client = RadiusClient(identity, servers, Secret(secret), now=time.time, otherwise=LIMITS)
    sender = asyncio.create_task(Sender(queue, client.account).run())
    if run:
        await _make(queue, run)
    while len(queue):  # noqa: ASYNC110 - a queue tells its sender that it has more, and nobody that it is empty
        await asyncio.sleep(0.02)
    sender.cancel()
    await asyncio.gather(sender, return_exceptions=True)
    client.close()
    queue.close()


async def _make(queue: Queue, run: str) -> None:
    for number in count():
        pairs = zip(*(stay(f"{run}-{number}{side}", int(time.time())) for side in "ab"), strict=True)
        for pair in pairs:
            assert queue.put(*pair)
            for record in pair:
                print(record.session, record.status.name, record.seconds, flush=True)
            await asyncio.sleep(0.001)


if __name__ == "__main__":
    asyncio.run(report(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]))
