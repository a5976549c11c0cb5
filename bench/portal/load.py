"""Load on a page: 200 clients in a closed loop (wrk), requests at fixed moments (open loop), and a storm of phones."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urlsplit

from bench.portal.houses import arrival
from tests.peers.process import program

CLIENTS = 200
SECONDS = 5
PHONES = 1000
RUSH = 30.0  # seconds in which they come
PATIENCE = 20.0
_FLOW = re.compile(rb'name="flow" value="([^"]+)"')
_CHECKS = ("/generate_204", "/hotspot-detect.html", "/generate_204", "/connecttest.txt")


def closed(url: str) -> float:
    """Answers a second to 200 clients that ask again as soon as they are answered."""
    command = [program("wrk", "wrk"), "-t1", f"-c{CLIENTS}", f"-d{SECONDS}s", "--timeout", "10s", url]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in shown:
        raise ValueError(f"{url} was not always answered: {shown}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", shown)[1])  # type: ignore[index]


@dataclass
class Told:
    """What became of the requests: how long each took, and what failed."""

    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def at_fixed_moments(base: str, rate: float, seconds: float) -> Told:
    """A late answer delays no later request: its wait counts from when it was due."""
    told, begin = Told(), time.monotonic() + 0.2

    async def one(number: int) -> None:
        due = begin + number / rate
        await asyncio.sleep(due - time.monotonic())
        await _timed(told, due, base, _get(arrival(number)), 200)

    await asyncio.gather(*(one(number) for number in range(int(rate * seconds))))
    return told


async def storm(base: str) -> Told:
    """A thousand phones in half a minute: four checks, the page, the tap; each on connections of its own."""
    told, begin = Told(), time.monotonic() + 0.2

    async def phone(number: int) -> None:
        due = begin + RUSH * number / PHONES
        await asyncio.sleep(due - time.monotonic())
        for check in _CHECKS:
            await _timed(told, time.monotonic(), base, _get(check), 302)
        page = await _timed(told, time.monotonic(), base, _get(arrival(number)), 200)
        if page and (flow := _FLOW.search(page)):
            form = urlencode({"flow": unescape(flow[1].decode()), "way": "tap", "lang": "id"})
            await _timed(told, time.monotonic(), base, _post("/connect", form), 303)

    await asyncio.gather(*(phone(number) for number in range(PHONES)))
    return told


async def _timed(told: Told, due: float, base: str, ask: bytes, wanted: int) -> bytes | None:
    try:
        answer = await asyncio.wait_for(_exchange(base, ask), PATIENCE)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        told.errors.append(type(error).__name__)
        return None
    told.waits.append(time.monotonic() - due)
    if not answer.startswith(b"HTTP/1.1 %d" % wanted):
        told.errors.append(answer[:40].decode("latin-1"))
        return None
    return answer


async def _exchange(base: str, ask: bytes) -> bytes:
    parts = urlsplit(base)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(ask)
        return await reader.read(-1)
    finally:
        writer.close()


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: portal\r\nAccept-Language: id\r\nConnection: close\r\n\r\n".encode()


def _post(path: str, form: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n"
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
    return (head + kind + form).encode()
