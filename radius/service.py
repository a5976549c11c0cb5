"""RADIUS as a running service: listeners, writing thread and ops listener, from ready to stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hotspot.command import Settings
from hotspot.metrics import Metrics
from hotspot.ops import Health, Ops
from hotspot.pseudonym import KeyRing
from hotspot.sites import Sites
from hotspot.store import Store, check_schema
from radius.books import Books, Done, Outcome, Probe, sealing_nases
from radius.changer import Changer
from radius.controllers import controllers_of
from radius.controllers.doorman import Doorman
from radius.custody import Custody
from radius.delay import Delay
from radius.gauges import controllers, gauges
from radius.ledger import Ledger
from radius.listener import Listener
from radius.measures import Measures
from radius.names import Names
from radius.overuse import Overuse
from radius.peers import peers_of
from radius.pseudonyms import Pseudonyms
from radius.redemption import Redemption
from radius.reload import Reload
from radius.seals import hear_of_seals
from radius.server import Server
from radius.shelf import Shelf
from radius.sockets import Sockets
from radius.stations import Station, stations_of
from radius.wishlist import Wishlist
from radius.writer import Job, Writer

_log = logging.getLogger(__name__)
HEALTH_SECONDS = 2.0
FINISH_SECONDS = 1.4  # each thread's; all has to end within three


class Service:
    """Everything that lives while RADIUS runs."""

    def __init__(
        self, settings: Settings, sites: Sites, store: Store, sealing: frozenset[str] | None, *, is_first: bool = True
    ) -> None:
        """``sealing``: the NASes known to seal their Access-Requests; None while the database is away.

        Of a crew the first alone serves the operator and grants wishes.
        """
        self._is_first = is_first
        clock = settings.clock(sample=sites.sample)
        self._settings = settings
        self._clock = clock
        self._sites = sites
        self._store = store
        self._measures = Measures(Metrics())
        self._keys = KeyRing(settings.state / "keys")
        pseudonyms = Pseudonyms(self._keys, sites.timezone, settings.secrets.read("grant-key"))
        self._books = Books(
            store,
            ledger=Ledger(sites, pseudonyms),
            redemption=Redemption(sites, pseudonyms),
            pseudonyms=pseudonyms,
            clock=clock,
            measures=self._measures,
            meet=self._meet if sealing is None else None,
        )
        self._shelf = Shelf(settings.state / "journal")
        self._custody = Custody(self._books, self._shelf, self._measures, is_away=sealing is None)
        self._writer = Writer(self._custody.commit, self._deliver)
        self._server = Server(
            peers_of(sites, settings.secrets, sites.nas if sealing is None else sealing),
            grant_key=settings.secrets.read("grant-key"),
            clock=clock,
            measures=self._measures,
            names=Names(),
            submit=self._writer.submit,
            later=Delay().put,
        )
        self._stations = stations_of(sites, settings.secrets)
        host, _ = settings.listen("HOTSPOT_RADIUS_AUTH", ":1812")
        self._wishlist, self._overuse = Wishlist(store, sites), Overuse(store, sites, pseudonyms.client)
        self._doorman = Doorman(
            store,
            sites,
            controllers_of(sites, settings.secrets, store, clock),
            clock=clock,
            submit=self._writer.submit,
            count=self._measures.wished,
        )
        self._changer = Changer(
            self._wishlist,
            self._overuse,
            self._stations_now,
            clock=clock,
            source=None if host in ("", "0.0.0.0", "::") else host,
            count=self._measures.wished,
            doorman=self._doorman,
        )
        self._reload = Reload(settings, self._adopt, self._measures.reloaded)
        self._measures.collect(
            lambda: gauges(self._shelf, self._custody, self._reload, self._server.peers, self._writer)
        )
        self._measures.collect(lambda: controllers(self._doorman.answering))
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self, sockets: Sockets, ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or SIGINT, then answer what was read before and stop; ``ready`` is called once."""
        self._loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, stopping.set)
        self._loop.add_signal_handler(signal.SIGHUP, self._reload.ask)
        self._shelf.claim()
        telling: asyncio.Server | None = None
        try:
            if self._is_first:
                ops = Ops(self._health, self._measures.page)
                telling = await asyncio.start_server(ops.serve, sock=sockets.ops)
            self._custody.start()
            self._writer.start()
            for listener in sockets.listeners:
                listener.start(self._server.take)
            ready()
            tasks = [asyncio.create_task(work) for work in self._works()]
            await stopping.wait()
            for task in tasks:
                task.cancel()
        finally:
            if telling is not None:
                telling.close()
            await self._stop(sockets.listeners)

    def _works(self) -> Iterator[Coroutine[Any, Any, None]]:
        yield self._reload.run()
        if self._is_first:
            yield self._changer.run()
            yield self._doorman.run()
        if not self._store.is_sqlite:
            yield hear_of_seals(self._store, lambda: self._server.peers)

    async def _adopt(self, sites: Sites) -> None:
        """Go on with another sites.yaml and other secrets; what was learnt of the NASes stays."""
        peers = peers_of(sites, self._settings.secrets, self._server.peers.sealing)
        stations = stations_of(sites, self._settings.secrets)
        controllers = controllers_of(sites, self._settings.secrets, self._store, self._clock)
        pseudonyms = Pseudonyms(self._keys, sites.timezone, self._settings.secrets.read("grant-key"))
        self._wishlist.adopt(sites)
        self._overuse.adopt(sites, pseudonyms.client)
        self._doorman.adopt(sites, controllers)
        rules = Ledger(sites, pseudonyms), Redemption(sites, pseudonyms), pseudonyms
        await asyncio.to_thread(self._books.adopt, *rules)
        self._server.adopt(peers, self._settings.secrets.read("grant-key"))
        self._sites, self._stations = sites, stations

    def _meet(self) -> None:
        """Of a database that was away at the start: is it the right one, which NASes seal? Until then all had to."""
        check_schema(self._store)
        sealing = sealing_nases(self._store)
        if self._loop is not None:
            peers = peers_of(self._sites, self._settings.secrets, sealing)
            self._loop.call_soon_threadsafe(self._server.adopt, peers, self._settings.secrets.read("grant-key"))

    def _stations_now(self) -> Mapping[str, Station]:
        """While a NAS's secret is changed it is asked under the one that it proved last."""
        return {
            nas: replace(station, secret=peer.secrets[0]) if (peer := self._server.peers.named(nas)) else station
            for nas, station in self._stations.items()
        }

    async def _stop(self, listeners: Sequence[Listener]) -> None:
        for listener in listeners:
            listener.stop()
        await asyncio.to_thread(self._writer.finish, FINISH_SECONDS)
        await asyncio.to_thread(self._custody.finish, FINISH_SECONDS)
        await asyncio.sleep(0)  # the last outcomes are handed over by call_soon
        for listener in listeners:
            listener.close()

    def _deliver(self, outcomes: Sequence[tuple[Job, Outcome]]) -> None:
        """Called in the writing thread; replies are sent by the loop."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._server.tell, outcomes)

    async def _health(self) -> Health:
        commits = await self._is_healthy()
        return Health(commits, "the database commits" if commits else "the database does not commit")

    async def _is_healthy(self) -> bool:
        """True when a commit, behind all that is waiting, is done within two seconds."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def tell(outcome: Outcome) -> None:
            if not answer.done():
                answer.set_result(isinstance(outcome, Done))

        if not self._writer.submit([Job(Probe(), tell)]):
            return False
        try:
            return await asyncio.wait_for(answer, HEALTH_SECONDS)
        except TimeoutError:
            return False
