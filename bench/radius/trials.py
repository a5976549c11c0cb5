"""The rows: what is sent, to whom in turn, and what came of it for each second and each second of all processors."""

from __future__ import annotations

import contextlib
import itertools
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy.engine import make_url

from bench.radius import freeradius, ours
from bench.radius.blaster import Volley, blast
from bench.radius.cost import cpu, memory
from bench.radius.freeradius import Peer, version
from bench.radius.ours import Cast, cast
from bench.radius.packets import INTERIM, START, STOP, Guest, Station, Step, hostile, login, repeated, report, volleys
from bench.row import Row, row
from hotspot.wire import Code
from tests.peers import postgres

WINDOW = 48  # requests on the way from each NAS
ROUNDS = 8  # of a repeated packet
HOSTILE_RATE = 20_000.0
PACKETS, MOST_DIFFERENT = 1_000_000, 500

Stand = Callable[[Path], AbstractContextManager[Peer]]


@dataclass
class Bench:
    """Where and how much; each run has a folder of its own."""

    folder: Path
    runs: int
    clients: int
    say: Callable[[str], None]
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def fresh(self, name: str) -> Path:
        return self.folder / f"{name}_{next(self._numbers)}"


@dataclass(frozen=True)
class Score:
    """Packets served, in wall-clock seconds and in those of all processors that the server and its database used."""

    packets: int
    seconds: float
    cpu: float

    @property
    def speed(self) -> float:
        return self.packets / self.seconds

    @property
    def per_core(self) -> float:
        return self.packets / self.cpu


def measured(bench: Bench, peer: Peer, load: Sequence[Volley], *, door: str, code: int, rate: float = 0) -> Score:
    """Every reply has to be the right one."""
    where = peer.auth if door == "auth" else peer.acct
    count = sum(len(one.packets) for one in load)
    before = cpu(peer.pids)
    outcome = blast(bench.folder, where, load, window=WINDOW, rate=rate)
    used = cpu(peer.pids) - before
    if outcome.lost or outcome.forged or outcome.codes != {code: count}:
        raise RuntimeError(
            f"{peer.name}: of {count}, {outcome.codes} came, {outcome.lost} lost, {outcome.forged} forged"
        )
    return Score(count, outcome.seconds, used)


def silent(bench: Bench, peer: Peer, load: Sequence[Volley]) -> Score:
    """What nobody answers, at a rate that both can follow; only the processors' time says anything."""
    before, count = cpu(peer.pids), sum(len(one.packets) for one in load)
    outcome = blast(bench.folder, peer.auth, load, rate=HOSTILE_RATE, wait=0)
    time.sleep(1)  # what the kernel still holds
    return Score(count, outcome.seconds, cpu(peer.pids) - before)


def compared(
    bench: Bench,
    name: str,
    stands: tuple[Stand, Stand],
    shoot: Callable[[Peer], Score],
    theirs: str,
    *,
    rate: bool = True,
) -> list[Row]:
    """Both in turn, each on a fresh start."""
    found: tuple[list[Score], list[Score]] = ([], [])
    for run in range(bench.runs):
        bench.say(f"{name}, run {run + 1} of {bench.runs}")
        for stand, scores in zip(stands, found, strict=True):
            with stand(bench.fresh("run")) as peer:
                scores.append(shoot(peer))
    own, other = found
    per_core = row(
        f"{name}, for each second of all processors", "packets/s", [s.per_core for s in own],
        [s.per_core for s in other], theirs,
    )  # fmt: skip
    if not rate:
        return [per_core]
    speed = row(name, "packets/s", [s.speed for s in own], [s.speed for s in other], theirs)
    return [speed, per_core]


def logins(people: Cast, *, known: bool = True) -> list[Volley]:
    dice = random.Random(1)  # noqa: S311 - the load of each run is the same
    return volleys(people.stations, people.guests, lambda s, g, i: login(s, g, i, dice, known=known))


def _reports(people: Cast) -> list[list[Volley]]:
    """Every stay begins, then each is seen once, then each ends.

    A stay lasts four minutes: of a report that is older than five minutes ours doubts the clock, and takes its own.
    """
    now = int(time.time())
    steps = ((START, now - 240, 0, 0), (INTERIM, now - 120, 120, 5_000_000), (STOP, now, 240, 9_000_000))
    return [volleys(people.stations, people.guests, partial(_report, step)) for step in steps]


def _report(step: Step, station: Station, guest: Guest, identifier: int) -> bytes:
    return report(station, guest, identifier, step)


@contextlib.contextmanager
def postgresql() -> Iterator[tuple[str, int]]:
    with postgres.cluster(durable=True) as url:
        host = str(make_url(url).query["host"])
        yield url, int((Path(host) / "data" / "postmaster.pid").read_text().split("\n", 1)[0])


def _ours(people: Cast, *, promised: bool = False) -> Stand:
    """On SQLite."""

    @contextlib.contextmanager
    def stand(folder: Path) -> Iterator[Peer]:
        with ours.service(folder, ours.sqlite_url(folder), people, promised=promised) as (peer, _):
            yield peer

    return stand


def _ours_pg(people: Cast, url: str, postmaster: int, *, promised: bool = False) -> Stand:
    @contextlib.contextmanager
    def stand(folder: Path) -> Iterator[Peer]:
        with ours.service(folder, url, people, promised=promised, postmaster=postmaster) as (peer, _):
            yield peer

    return stand


def accept_pg(bench: Bench) -> list[Row]:
    people = cast(bench.clients)
    load = logins(people)
    with postgresql() as (url, postmaster):
        stands = (
            _ours_pg(people, url, postmaster),
            lambda folder: freeradius.postgresql(folder, people.stations, people.guests, url, postmaster),
        )
        return compared(
            bench, "accept-durable-pg", stands, lambda p: accepted(bench, p, load), f"{version()} rlm_sql, 32"
        )


def accept_sqlite(bench: Bench) -> list[Row]:
    people = cast(bench.clients)
    load = logins(people)
    stands = (_ours(people), lambda folder: freeradius.sqlite(folder, people.stations, people.guests))
    return compared(
        bench, "accept-durable-sqlite", stands, lambda p: accepted(bench, p, load), f"{version()} rlm_sql, 1"
    )


def accept_files(bench: Bench) -> list[Row]:
    """Ours writes each reservation to disk; `files` writes nothing at all."""
    people = cast(bench.clients)
    load = logins(people)
    stands = (_ours(people), lambda folder: freeradius.files(folder, people.stations, people.guests))
    return compared(
        bench, "accept (SQLite) against files", stands, lambda p: accepted(bench, p, load), f"{version()} files"
    )


def reject(bench: Bench) -> list[Row]:
    people = cast(bench.clients)
    load = logins(people, known=False)
    return _against_files(
        bench, "reject", people, lambda p: measured(bench, p, load, door="auth", code=Code.ACCESS_REJECT)
    )


def duplicate(bench: Bench) -> list[Row]:
    """Logins that are asked for again and again by the same packet."""
    people = cast(bench.clients)
    first = logins(people)
    load = repeated(first, ROUNDS * 10)
    return _against_files(bench, "duplicate", people, lambda p: accepted(bench, p, load))


def hostile_(bench: Bench) -> list[Row]:
    people = cast(bench.clients)
    dice = random.Random(2)  # noqa: S311 - as above
    load = hostile(repeated(logins(people), 40, 1000), dice)
    return _against_files(bench, "hostile", people, lambda p: silent(bench, p, load), rate=False)


def account_pg(bench: Bench) -> list[Row]:
    people = cast(bench.clients)
    steps = _reports(people)
    with postgresql() as (url, postmaster):
        stands = (
            _ours_pg(people, url, postmaster, promised=True),
            lambda folder: freeradius.postgresql(folder, people.stations, people.guests, url, postmaster),
        )
        return compared(bench, "account-pg", stands, lambda p: _account(bench, p, steps), f"{version()} rlm_sql, 32")


def account_sqlite(bench: Bench) -> list[Row]:
    people = cast(bench.clients)
    steps = _reports(people)
    stands = (_ours(people, promised=True), lambda folder: freeradius.sqlite(folder, people.stations, people.guests))
    return compared(bench, "account-sqlite", stands, lambda p: _account(bench, p, steps), f"{version()} rlm_sql, 1")


def flatness(bench: Bench) -> list[Row]:
    """How much more memory ours holds after a million packets than after the first tenth of them."""
    people = cast(bench.clients)
    once = logins(people, known=False)
    tenth = repeated(once, PACKETS // 10 // sum(len(one.packets[:MOST_DIFFERENT]) for one in once), MOST_DIFFERENT)
    with _ours(people)(bench.fresh("run")) as peer:
        held = []
        for part in range(10):
            bench.say(f"memory, part {part + 1} of 10")
            measured(bench, peer, tenth, door="auth", code=Code.ACCESS_REJECT)
            held.append(memory(peer.pids) / 1024)
    growth = row("memory, growth after the first tenth of a million packets", "MB", [max(held) - held[0]])
    return [row("memory after a million packets", "MB", [held[-1]]), growth]


def _against_files(
    bench: Bench, name: str, people: Cast, shoot: Callable[[Peer], Score], *, rate: bool = True
) -> list[Row]:
    stands = (_ours(people), lambda folder: freeradius.files(folder, people.stations, people.guests))
    return compared(bench, name, stands, shoot, f"{version()} files", rate=rate)


def accepted(bench: Bench, peer: Peer, load: Sequence[Volley]) -> Score:
    return measured(bench, peer, load, door="auth", code=Code.ACCESS_ACCEPT)


def _account(bench: Bench, peer: Peer, steps: Sequence[Sequence[Volley]]) -> Score:
    scores = [measured(bench, peer, load, door="acct", code=Code.ACCOUNTING_RESPONSE) for load in steps]
    packets, seconds, used = (sum(getattr(s, name) for s in scores) for name in ("packets", "seconds", "cpu"))
    return Score(int(packets), float(seconds), float(used))


Trial = Callable[[Bench], list[Row]]
TRIALS: dict[str, Trial] = {
    "accept-durable-pg": accept_pg,
    "accept-durable-sqlite": accept_sqlite,
    "accept-files": accept_files,
    "reject": reject,
    "duplicate": duplicate,
    "hostile": hostile_,
    "memory": flatness,
    "account-pg": account_pg,
    "account-sqlite": account_sqlite,
}
