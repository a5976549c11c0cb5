"""The power comes back: two thousand visitors log in, start and flush what their NASes kept, within ten seconds."""

from __future__ import annotations

import asyncio
import random
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from bench.radius import freeradius, ours
from bench.radius.blaster import Volley, compiled, volley_files
from bench.radius.freeradius import Peer, version
from bench.radius.ours import Cast, cast
from bench.radius.packets import INTERIM, START, Guest, Station, Step, hostile, login, repeated, report, volleys
from bench.radius.trials import Bench
from bench.row import Row, percentile, row
from hotspot.wire import Attr, Code, Malformed, reply_to

CLIENTS, SECONDS = 2000, 8.0
BACKLOG = 2  # reports that each client's NAS kept while the power was away
TRIES, WAIT = 4, 1.0
MOST_WAITING = 250  # of the 256 Identifiers of a socket
HOSTILE = CLIENTS * (2 + BACKLOG) / SECONDS / 2  # a second: a third of all that comes
_MILLI = 1000


@dataclass
class Mast(asyncio.DatagramProtocol):
    """One NAS's socket; each request keeps its Identifier until its true reply has come."""

    station: Station
    waiting: dict[int, tuple[bytes, asyncio.Future[bytes]]] = field(default_factory=dict)
    transport: asyncio.DatagramTransport | None = None
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_WAITING))
    _next: int = 0

    def identifier(self) -> int:
        while self._next in self.waiting:
            self._next = (self._next + 1) % 256
        return self._next

    async def ask(self, octets: bytes) -> bytes | None:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.waiting[octets[1]] = (octets, answer)
        self._next = (octets[1] + 1) % 256
        try:
            for _ in range(TRIES):
                if self.transport is not None:
                    self.transport.sendto(octets)
                with suppress(TimeoutError):
                    return await asyncio.wait_for(asyncio.shield(answer), WAIT)
            return None
        finally:
            del self.waiting[octets[1]]

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - the socket is connected
        octets, answer = self.waiting.get(data[1], (b"", None))
        if answer is None or answer.done():
            return
        if not isinstance(reply_to(octets, data, self.station.secret, must_seal=False), Malformed):
            answer.set_result(data)


@dataclass
class Weathered:
    waits: list[float] = field(default_factory=list)
    lost: int = 0


def storm(bench: Bench) -> list[Row]:
    """With and without hostile traffic, ours beside rlm_sql, both on SQLite."""
    found: dict[tuple[str, bool], list[Weathered]] = {}
    for run in range(bench.runs):
        for rough in (False, True):
            for name in ("ours", "peer"):
                bench.say(f"storm{' with a third hostile' if rough else ''}, {name}, run {run + 1} of {bench.runs}")
                found.setdefault((name, rough), []).append(_one(bench, name, rough=rough))
    theirs = f"{version()} rlm_sql, SQLite"
    rows: list[Row] = []
    for rough, what in ((False, "storm"), (True, "storm, a third hostile")):
        own, peer = found["ours", rough], found["peer", rough]
        for share, word in ((0.5, "p50"), (0.99, "p99")):
            here, there = ([_MILLI * percentile(one.waits, share) for one in side] for side in (own, peer))
            rows.append(row(f"{what}: wait {word}", "ms", here, there, theirs, less_is_better=True))
        counts = {"ours": [float(one.lost) for one in own], "peer": [float(one.lost) for one in peer]}
        rows += [row(f"{what}: requests without answer, {who}", "requests", n) for who, n in counts.items()]
    return rows


def _one(bench: Bench, name: str, *, rough: bool) -> Weathered:
    people = cast(CLIENTS)
    folder = bench.fresh("storm")
    if name == "ours":
        with ours.service(folder, ours.sqlite_url(folder), people) as (peer, _):
            return _blow(bench.folder, peer, people, rough=rough)
    with freeradius.sqlite(folder, people.stations, people.guests) as peer:
        return _blow(bench.folder, peer, people, rough=rough)


def _blow(folder: Path, peer: Peer, people: Cast, *, rough: bool) -> Weathered:
    bad = _bad_neighbours(folder, peer, people) if rough else None
    try:
        return asyncio.run(_crowd(peer, people))
    finally:
        if bad is not None:
            bad.terminate()
            bad.wait()


def _bad_neighbours(folder: Path, peer: Peer, people: Cast) -> subprocess.Popen[bytes]:
    dice = random.Random(3)  # noqa: S311 - the load of each run is the same
    once = volleys(people.stations, people.guests, lambda s, g, i: login(s, g, i, dice))
    load: Sequence[Volley] = hostile(repeated(once, 30, 300), dice)
    words = [compiled(folder), *peer.auth, 32, HOSTILE, 0, 1, folder / "nothing", *volley_files(folder, load)]
    return subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL)


async def _crowd(peer: Peer, people: Cast) -> Weathered:
    loop, seen = asyncio.get_running_loop(), Weathered()
    doors: list[tuple[Mast, Mast]] = []
    for station in people.stations:
        pair = []
        for where in (peer.auth, peer.acct):
            transport, mast = await loop.create_datagram_endpoint(
                partial(Mast, station), local_addr=(station.address, 0), remote_addr=where
            )
            mast.transport = transport
            pair.append(mast)
        doors.append((pair[0], pair[1]))
    begun = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number, guest in enumerate(people.guests):
            due = begun + SECONDS * number / CLIENTS
            group.create_task(_visit(doors[number % len(doors)], guest, due, seen))
    for masts in doors:
        for mast in masts:
            if mast.transport is not None:
                mast.transport.close()
    return seen


async def _visit(masts: tuple[Mast, Mast], guest: Guest, due: float, seen: Weathered) -> None:
    """A login; then what was kept of an earlier stay, and the new stay's Start."""
    await asyncio.sleep(due - time.monotonic())
    auth, acct = masts
    station = auth.station
    dice = random.Random(guest.name)  # noqa: S311 - as above
    reply = await _timed(auth, lambda i: login(station, guest, i, dice), seen)
    now = int(time.time())
    before = replace(guest, token="hs1:" + f"{1:032x}", mac=guest.mac[:4] + "f" + guest.mac[5:])
    for step in range(BACKLOG):
        kept = (INTERIM, now - 900 + step, 60 + step, 1000)
        await _timed(acct, partial(_report, station, before, kept), seen)
    token = _class_of(reply) if reply is not None and reply[0] == Code.ACCESS_ACCEPT else None
    mine = replace(guest, token=token or guest.token)
    await _timed(acct, partial(_report, station, mine, (START, now, 0, 0)), seen)


def _report(station: Station, guest: Guest, step: Step, identifier: int) -> bytes:
    return report(station, guest, identifier, step)


async def _timed(mast: Mast, make: Callable[[int], bytes], seen: Weathered) -> bytes | None:
    """The wait for a free Identifier counts."""
    begun = time.monotonic()
    async with mast.room:
        reply = await mast.ask(make(mast.identifier()))
    if reply is None:
        seen.lost += 1
    else:
        seen.waits.append(time.monotonic() - begun)
    return reply


def _class_of(reply: bytes) -> str | None:
    at = 20
    while at + 2 <= len(reply):
        if reply[at] == Attr.CLASS:
            return reply[at + 2 : at + reply[at + 1]].decode()
        at += reply[at + 1]
    return None
