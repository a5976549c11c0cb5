"""One client of the polling bench in a process of its own: asks an agent's table many times, prints what it cost."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Iterable

from hotspot.secret import Secret
from monitor.snmp.agent import Access, Agent, SnmpError
from monitor.snmp.library import open_library
from tests.peers.snmp_agent import COMMUNITY
from tests.peers.snmpd import AUTH, PRIV, USER

# The ten columns of IF-MIB that a poll reads each minute.
COLUMNS = [f"1.3.6.1.2.1.31.1.1.1.{n}" for n in (6, 10, 15, 19)] + [
    f"1.3.6.1.2.1.2.2.1.{n}" for n in (7, 8, 13, 14, 19, 20)
]
AT_ONCE = 64


def access(address: str, port: int, version: str) -> Access:
    if version != "3":
        return Access(address, port, "2c", Secret(COMMUNITY))
    return Access(address, port, "3", None, USER, "sha256", Secret(AUTH), "aes128", Secret(PRIV))


async def walk(library: str, port: int, version: str, rounds: int) -> dict[str, float]:
    opened = open_library(library)
    agent = opened.agent(access("127.0.0.1", port, version))
    await agent.table(COLUMNS)  # sessions and engines are made once, and not counted
    before, got = cpu(), 0
    for _ in range(rounds):
        got += await _values(agent)
    spent = cpu() - before
    opened.close()
    return {"varbinds": got, "cpu": spent}


async def _values(agent: Agent) -> int:
    rows = await agent.table(COLUMNS)
    agent.rest()
    return 0 if isinstance(rows, SnmpError) else sum(len(row) for row in rows.values())


async def fleet(library: str, port: int, healthy: int, dead: int) -> dict[str, float]:
    """All devices once, as the poller does it; the dead ones answer nothing at all."""
    opened, gate = open_library(library), asyncio.Semaphore(AT_ONCE)
    began, before = time.monotonic(), cpu()
    done: list[tuple[float, int]] = []

    async def ask(address: str) -> None:
        async with gate:
            got = await _values(opened.agent(access(address, port, "2c")))
            done.append((time.monotonic() - began, got))

    await asyncio.gather(*(ask(address) for address in addresses(healthy, dead)))
    well = [at for at, got in done if got]
    opened.close()
    return {
        "healthy": len(well),
        "latest": max(well, default=0.0),
        "cpu": cpu() - before,
        "varbinds": sum(n for _, n in done),
    }


def addresses(healthy: int, dead: int) -> Iterable[str]:
    """Dead ones stand between the others; 10.99/16 is a network that swallows everything."""
    every = max(1, healthy // dead) if dead else healthy + 1
    for number in range(healthy):
        yield f"127.0.{1 + number // 250}.{1 + number % 250}"
        if number % every == 0 and number // every < dead:
            yield f"10.99.{1 + number // 250}.{1 + number % 250}"


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(words: list[str]) -> int:
    what, library, port = words[0], words[1], int(words[2])
    if what == "walk":
        print(json.dumps(asyncio.run(walk(library, port, words[3], int(words[4])))))
    else:
        print(json.dumps(asyncio.run(fleet(library, port, int(words[3]), int(words[4])))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
