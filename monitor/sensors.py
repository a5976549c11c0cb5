"""The sensors as one thing for the monitor: kept running, their looks judged, the incidents of rogues written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from hotspot.log import event
from hotspot.metrics import Family, gauge
from hotspot.sites import Sites
from hotspot.store import Store
from monitor.rogue import CAUSE, Finding, Look, Rogues, open_rogues
from monitor.strangers import Strangers, neighbours
from monitor.tell import strange
from monitor.watch import Watch

log = logging.getLogger(__name__)


class Sensors:
    """``now`` is the domain's clock, ``say`` hears a sentence about each that is new.

    :attr:`open` counts the rogue servers whose incident is open.
    """

    def __init__(
        self, sites: Sites, store: Store, run_folder: Path, now: Callable[[], float], say: Callable[[str], None]
    ) -> None:
        self._sites = sites
        self._say = say
        self._store = store
        self._now = now
        self._rogues = Rogues(sites.sensors)
        self._strangers = Strangers(sites.sensors)
        self._site = {sensor.interface: sensor.site for sensor in sites.sensors}
        self._neighbours: dict[str, frozenset[tuple[str, str]]] = {}
        self._watch = Watch(sites.sensors, run_folder / "sensor.sock", self._seen)
        self._looks: asyncio.Queue[Look] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None
        self.open = 0

    async def start(self) -> None:
        with self._store.reading() as connection:
            self.open = open_rogues(connection)
        await self._watch.start()
        self._writer = asyncio.create_task(self._write_looks())

    async def stop(self) -> None:
        await self._watch.stop()
        if self._writer:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)

    def families(self) -> Iterable[Family]:
        yield from self._watch.families(self._now())
        yield gauge(
            "hotspot_sensor_neighbour",
            "1 for each switch port that announced itself to a site's sensor at its last look.",
            ("site", "device", "port"),
            (((self._site[at], *one), 1.0) for at, found in self._neighbours.items() for one in sorted(found)),
        )

    def _seen(self, look: Look) -> None:
        if look.interface in self._site:
            self._neighbours[look.interface] = neighbours(look.claims)
        self._looks.put_nowait(look)

    async def _write_looks(self) -> None:
        """Off the loop, because another service may hold the database; a look that cannot be written is told again."""
        while True:
            look = await self._looks.get()
            try:
                new = await asyncio.to_thread(self._write, look)
            except DBAPIError as error:
                event(log, logging.ERROR, "a look of a sensor could not be written", why=type(error.orig).__name__)
                continue
            for finding in new:
                event(log, logging.WARNING, "foreign DHCP server", site=finding.site, server=finding.server.server)
                self._say(strange(CAUSE, finding.site, self._sites, self._now()))

    def _write(self, look: Look) -> tuple[Finding, ...]:
        with self._store.writing() as connection:
            new = self._rogues.take(connection, look, self._now())
            odd = self._strangers.take(connection, look, self._now())
            count = open_rogues(connection)
        for cause, told in odd.items():
            event(log, logging.WARNING, cause, site=self._site[look.interface], why=told)
            self._say(strange(cause, self._site[look.interface], self._sites, self._now()))
        self.open = count  # once it is committed
        return new
