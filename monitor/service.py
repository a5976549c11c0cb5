"""The monitor as it runs: poller, ticks and the edges (pages, traps, sensors) around one snapshot in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from hotspot import running
from hotspot.clock import Clock, local_hour
from hotspot.command import Settings
from hotspot.log import event
from hotspot.metrics import Family, Metrics
from hotspot.pages import serve
from hotspot.sites import Sites
from hotspot.store import Store, StoreAway
from monitor import facts, ping
from monitor.expose.pages import Pages
from monitor.fallback import Fallback, call, route
from monitor.history import History
from monitor.ping import Pinger
from monitor.poll import Poller
from monitor.probes.citizen import Journey
from monitor.probes.kept import keep
from monitor.probes.rounds import Rounds, tasks
from monitor.sensors import Sensors
from monitor.snapshot import Snapshot
from monitor.snmp.library import open_library
from monitor.status.publish import keep_publishing
from monitor.subject import Subject
from monitor.tell import tell
from monitor.tick import Ticker
from monitor.trap_v3 import readers
from monitor.traps import Traps, listen

SERVICE = "monitor"
_COALESCE = 0.5  # real seconds: polls that end together are judged together
_QUIET = 5.0  # real seconds after which a tick comes without news, so that intervals go on
log = logging.getLogger(__name__)


def listeners(settings: Settings) -> tuple[tuple[str, int], tuple[str, int]]:
    """Where the pages and where traps are heard; OperatorError when one is not written as host:port."""
    return settings.listen("HOTSPOT_MONITOR_LISTEN", "127.0.0.1:9811"), settings.listen("HOTSPOT_TRAPS", ":1162")


class Service:
    def __init__(self, settings: Settings, sites: Sites, store: Store, watched: dict[str, Subject]) -> None:
        self._settings = settings
        self._sites = sites
        self._store = store
        self._watched = watched
        self._clock: Clock = settings.clock(sample=sites.sample)
        self._snapshot = Snapshot()
        self._metrics = Metrics()
        self._fallback = Fallback(route(settings, sites), call)

    async def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with self._poller() as poller, self._edges(poller):
            history = History(self._store, self._sites.timezone)
            ticker = Ticker(self._sites, poller.subjects, self._snapshot, history)
            folder = Path(self._settings.environ.get("HOTSPOT_STATUS", self._settings.state / "status"))
            page = keep_publishing(self._store, self._sites, folder, self._clock.now)
            doing = (poller.run(), self._ticks(poller, ticker), self._fallback.run(), page)
            work = [asyncio.create_task(one) for one in doing]
            waiting = asyncio.create_task(stop.wait())
            done, _ = await asyncio.wait([*work, waiting], return_when=asyncio.FIRST_COMPLETED)
            for task in (*work, waiting):
                task.cancel()
            await asyncio.gather(*work, waiting, return_exceptions=True)
            for task in done - {waiting}:
                task.result()  # a task that ended by itself is a bug, and is reported as one
        running.withdraw(self._settings.run_folder, SERVICE)

    @contextlib.asynccontextmanager
    async def _poller(self) -> AsyncIterator[Poller]:
        library = open_library()
        why_not = ping.allowed() if any(subject.ping for subject in self._watched.values()) else None
        if why_not:  # what only echoes could tell of is unknown then, not down
            event(log, logging.WARNING, f"no echoes: {why_not}")
        watched = {name: one for name, one in self._watched.items() if one.access or not why_not}
        pinger = None if why_not else Pinger()
        event(log, logging.INFO, "polling", subjects=len(watched), snmp=library.name)
        try:
            yield Poller(watched, self._snapshot, library, pinger, self._clock)
        finally:
            library.close()
            if pinger:
                pinger.close()

    @contextlib.asynccontextmanager
    async def _edges(self, poller: Poller) -> AsyncIterator[None]:
        sensors = Sensors(self._sites, self._store, self._settings.run_folder, self._clock.now, self._fallback.tell)
        self._metrics.collect(self._store_families)
        self._metrics.collect(sensors.families)
        devices = {subject.address: name for name, subject in self._watched.items()}
        v3 = readers({name: subject.access for name, subject in self._watched.items()})
        traps = Traps(devices, poller.poke, self._metrics, v3, self._hint)
        rounds = Rounds(tasks(self._sites, self._settings.secrets), keep=self._keep_walk)
        self._metrics.collect(rounds.families)
        self._metrics.watch_process()
        pages = Pages(
            self._sites,
            self._snapshot,
            self._metrics,
            self._clock.now,
            rogues=lambda: sensors.open,
            round_trips=poller.round_trips,
        )
        door, trap_door = listeners(self._settings)
        server = await serve(*door, pages.routes(), "HOTSPOT_MONITOR_LISTEN")
        transport = await listen(*trap_door, traps)
        await sensors.start()
        probing = asyncio.create_task(rounds.run())
        bound = {"monitor": server.sockets[0].getsockname(), "traps": transport.get_extra_info("sockname")}
        addresses = {name: f"{where[0]}:{where[1]}" for name, where in bound.items()}
        running.announce(self._settings.run_folder, SERVICE, addresses)
        event(log, logging.INFO, "ready", **addresses)
        try:
            yield
        finally:
            transport.close()
            server.close()
            probing.cancel()
            rounds.close()
            await sensors.stop()

    def _hint(self, device: str, says: str, if_index: int | None) -> None:
        """What a vendor's trap is evidence for, by the port's name."""
        polled = self._snapshot.polled.get(device)
        ports = polled.answers.ports if polled and polled.answers else ()
        port = next((port.name for port in ports if port.index == if_index), "")
        self._snapshot.hints[device, says, port] = self._clock.now()

    def _keep_walk(self, site: str, journey: Journey) -> None:
        """In a probe's own thread; while the store is away a walk is lost, as a poll's readings are."""
        hour = local_hour(self._clock.now(), self._sites.timezone)
        with contextlib.suppress(*StoreAway), self._store.writing() as connection:
            keep(connection, site, hour, journey)

    async def _ticks(self, poller: Poller, ticker: Ticker) -> None:
        poller.news.set()  # the first tick says what is unknown
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_QUIET):
                    await poller.news.wait()
            poller.news.clear()
            await asyncio.sleep(_COALESCE)
            try:
                outcome = ticker.tick(self._clock.now(), facts.read_facts(self._store, self._clock.now()))
            except DBAPIError as error:
                event(
                    log, logging.ERROR, "the database is away; what changes is written when it is back", why=error.orig
                )
                continue
            for name in outcome.ask:
                poller.poke(name)
            tell(outcome.changes, self._sites, self._clock.now(), self._fallback.tell)

    def _store_families(self) -> Iterable[Family]:
        """A scrape while the database is away shows everything else."""
        try:
            return list(facts.families(self._store, self._sites, self._clock.now()))
        except DBAPIError:
            return []
