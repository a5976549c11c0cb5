"""The poller: asks every subject in its turn, none waiting for another, and puts what came back into the snapshot."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection, Mapping
from dataclasses import replace

from hotspot.clock import Clock
from hotspot.log import event
from monitor import health, probe
from monitor.kinds import Found
from monitor.look import look
from monitor.names import Memory
from monitor.ping import Echo, Pinger
from monitor.probes.echo import RoundTrips, jitter
from monitor.reading import Reading
from monitor.schedule import FASTEST_SECONDS, Schedule
from monitor.snapshot import Answers, Polled, Snapshot
from monitor.snmp.agent import Agent, SnmpError, Trouble
from monitor.snmp.library import Library
from monitor.subject import Subject

INTERVAL = 60.0  # seconds of the domain clock between two polls of a subject
DEADLINE = 12.0  # real seconds for one poll, whatever it still wants to ask
MOST_PORTS = 16  # that a trap's poll looks at first
AT_ONCE = 64  # polls under way together
_TURN = 0.2  # real seconds between two looks at the schedule
log = logging.getLogger(__name__)


class Poller:
    """Made inside the event loop. ``news`` is set after each poll."""

    def __init__(
        self,
        subjects: Mapping[str, Subject],
        snapshot: Snapshot,
        library: Library,
        pinger: Pinger | None,
        clock: Clock,
    ) -> None:
        self.news = asyncio.Event()
        self.round_trips = RoundTrips()
        self.subjects = subjects
        self._snapshot = snapshot
        self._pinger = pinger
        self._clock = clock
        self._memories = {name: Memory() for name in subjects}
        self._agents = {s.id: library.agent(s.access) for s in subjects.values() if s.access}
        self._schedule = Schedule(subjects, INTERVAL, clock.now())
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._wake = asyncio.Event()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._ports: dict[str, set[int]] = {}  # to look at first, because a trap spoke of them

    def poke(self, name: str, ports: Collection[int] = ()) -> None:
        """Poll it now, these ports first, at most once a second; a name that is not polled is ignored."""
        if name in self.subjects and ports:
            self._ports.setdefault(name, set()).update(ports)
        self._schedule.poke(name)
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        real, now = asyncio.get_running_loop().time, self._clock.now
        before = (real(), now())
        try:
            while True:
                for name in self._schedule.due(now(), real()):
                    self._start(name)
                await self._turn()
                before = self._keep_pace(before, (real(), now()))
        finally:
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _start(self, name: str) -> None:
        self._schedule.begin(name, self._clock.now(), asyncio.get_running_loop().time())
        task = asyncio.create_task(self._poll(self.subjects[name]))
        self._running[name] = task
        task.add_done_callback(lambda _: self._running.pop(name, None))

    async def _poll(self, subject: Subject) -> None:
        try:
            async with self._gate:
                before = await self._look(
                    subject, self._snapshot.polled.get(subject.id, Polled(subject.kind, subject.id))
                )
                memory = self._memories[subject.id]
                after = await poll(
                    subject, self._agents.get(subject.id), self._pinger, self._clock, before, memory=memory
                )
                self._snapshot.put(after)
                self.round_trips.add(subject.id, after.rtts)
                _tell(before, after)
        finally:
            self._schedule.end(subject.id)
            self.news.set()

    async def _look(self, subject: Subject, before: Polled) -> Polled:
        """The ports that a trap spoke of, ahead of the whole poll, which may take seconds; at most as long as that."""
        ports, agent = self._ports.pop(subject.id, set()), self._agents.get(subject.id)
        after = None
        if ports and agent:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DEADLINE):
                    after = await look(agent, before, sorted(ports)[:MOST_PORTS])
        if after is None:
            return before
        self._snapshot.put(after)
        self.news.set()
        return after

    async def _turn(self) -> None:
        try:
            async with asyncio.timeout(_TURN):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    def _keep_pace(self, before: tuple[float, float], after: tuple[float, float]) -> tuple[float, float]:
        """A rehearsal's clock may run so fast that an interval is less than we can do: then the interval is longer."""
        if after[0] - before[0] < 1.0:
            return before
        rate = max(0.0, (after[1] - before[1]) / (after[0] - before[0]))
        self._snapshot.interval = self._schedule.interval = max(INTERVAL, rate * FASTEST_SECONDS)
        return after


async def poll(
    subject: Subject, agent: Agent | None, pinger: Pinger | None, clock: Clock, before: Polled, *, memory: Memory
) -> Polled:
    """One try. Without SNMP an echo is a complete answer; beside it, an echo is a sign of life."""
    loop = asyncio.get_running_loop()
    at, began = clock.now(), loop.time()
    echo, found = await asyncio.gather(_echo(subject, pinger), _found(subject, agent, memory, at))
    tried = replace(before, tried_at=at, trouble="", seconds=loop.time() - began)
    tried = replace(tried, probes=_probes(subject, echo, at), rtts=echo.rtts if echo else ())
    echoed = echo is not None and bool(echo.rtts)
    if isinstance(found, SnmpError):
        alive = echoed or found.trouble is not Trouble.SILENT
        return replace(tried, error=found.text, trouble=str(found.trouble), missed=before.missed + 1, alive=alive)
    if found is None and not echoed:
        why = "no echo came back" if echo else "nothing asks it"
        return replace(tried, error=why, missed=before.missed + 1, alive=False)
    last = before.answers
    answers = (
        probe.answers(subject.kind, subject.id, subject.reads, found, at, before=last) if found else _only_echo(at)
    )
    return replace(tried, answers=answers, error="", missed=0, alive=True)


async def _echo(subject: Subject, pinger: Pinger | None) -> Echo | None:
    if pinger is None or not subject.ping:
        return None
    return (await pinger.ping([subject.address]))[subject.address]


async def _found(subject: Subject, agent: Agent | None, memory: Memory, at: float) -> Found | SnmpError | None:
    if agent is None:
        return None
    partial = probe.Partial()
    try:
        async with asyncio.timeout(DEADLINE):
            return await probe.ask(agent, subject.reads, memory, at, partial)
    except TimeoutError:
        return partial.found(subject.reads, memory) or SnmpError(
            Trouble.BROKEN, f"its answers came too slowly: {DEADLINE:g} s were not enough for one poll"
        )
    finally:
        agent.rest()


def _probes(subject: Subject, echo: Echo | None, at: float) -> tuple[Reading, ...]:
    if echo is None:
        return ()
    error = "" if echo.rtts else "no echo came back"
    return (
        Reading(subject.kind, subject.id, "rtt", echo.rtt, at, error=error),
        Reading(subject.kind, subject.id, "loss", echo.loss, at),
        Reading(subject.kind, subject.id, "jitter", jitter(echo.rtts), at, error=error),
    )


def _only_echo(at: float) -> Answers:
    return Answers(at, {}, (), {}, {}, ())


def _tell(before: Polled, after: Polled) -> None:
    """Log what is new: it stopped answering, it answers again, it has restarted."""
    if after.error and not before.error:
        event(log, logging.WARNING, "no answer", device=after.id, error=after.error)
    if before.error and not after.error:
        event(log, logging.INFO, "it answers again", device=after.id)
    stale = [answers.stale if answers else () for answers in (before.answers, after.answers)]
    if stale[1] and stale[0] != stale[1]:
        event(log, logging.WARNING, "tables did not come to their end", device=after.id, tables=", ".join(stale[1]))
    old, new = _uptime(before), _uptime(after)
    if old and new and health.restarted(old[1], new[1], new[0] - old[0]):
        event(log, logging.WARNING, "it has restarted", device=after.id, up_seconds=int(new[1]))


def _uptime(polled: Polled) -> tuple[float, float] | None:
    """When it was read, and its value."""
    value = polled.answers.reading("uptime") if polled.answers else None
    return (polled.answers.at, value) if polled.answers and value is not None else None
