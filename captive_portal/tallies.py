"""Sums of the funnel and the services, written down twice a minute; nothing of any one visitor is in them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from captive_portal.funnel import Followed, Step, Tally
from hotspot.clock import Clock, local_hour
from hotspot.log import event
from hotspot.sites import Sites
from hotspot.store import Store, StoreAway
from hotspot.tables import portal_tallies, reservations, sessions

log = logging.getLogger(__name__)

EVERY = 30.0  # real seconds


class Scribe:
    """One a worker. What it could not write while the store was away is counted again with the next."""

    def __init__(self, store: Store, sites: Sites, clock: Clock, funnel: Tally) -> None:
        self._store = store
        self._sites = sites
        self._clock = clock
        self._funnel = funnel
        self._stop = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """What was counted since the last time is not lost with the worker."""
        self._stop.set()
        self.write()

    def write(self) -> None:
        now = self._clock.now()
        try:
            self._look_after(now)
        except StoreAway as error:
            event(log, logging.WARNING, "store away", error=type(error).__name__)
            return
        counts = self._funnel.take()
        try:
            with self._store.writing() as connection:
                _add(connection, counts, local_hour(now, self._sites.timezone))
        except StoreAway as error:
            event(log, logging.WARNING, "store away", error=type(error).__name__)
            for (site, family, what), number in counts.items():
                self._funnel.count(site, family, what, number)

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            self.write()

    def _look_after(self, now: float) -> None:
        """Which grants were accepted, and which of those brought octets; both are RADIUS's words."""
        followed = self._funnel.followed(now)
        if not followed:
            return
        with self._store.reading() as connection:
            grants = [one.grant_id for one in followed]
            known, starts = _steps(connection, grants), _starts(connection, grants)
        for one, step in _news(followed, known):
            one.steps.add(step)
            self._funnel.count(one.site, one.family, step)
        for one in followed:
            if (started_at := starts.get(one.grant_id)) is not None:
                self._funnel.came_in(one, started_at)


def _starts(connection: Connection, grants: list[str]) -> dict[str, int]:
    """When the first session of each grant began."""
    query = select(sessions.c.grant_id, func.min(sessions.c.started_at)).where(sessions.c.grant_id.in_(grants))
    return {grant: int(at) for grant, at in connection.execute(query.group_by(sessions.c.grant_id))}


def _steps(connection: Connection, grants: list[str]) -> dict[str, set[Step]]:
    accepted = select(reservations.c.grant_id).where(reservations.c.grant_id.in_(grants))
    octets = sessions.c.input_octets + sessions.c.output_octets
    online = select(sessions.c.grant_id).where(sessions.c.grant_id.in_(grants), octets > 0)
    found: dict[str, set[Step]] = {}
    for query, step in ((accepted, Step.ACCEPT), (online, Step.TRAFFIC)):
        for grant in connection.execute(query).scalars():
            found.setdefault(grant, set()).add(step)
    return found


def _news(followed: Iterable[Followed], known: Mapping[str, set[Step]]) -> Iterable[tuple[Followed, Step]]:
    for one in followed:
        for step in sorted(known.get(one.grant_id, set()) - one.steps):
            yield one, step


def _add(connection: Connection, counts: Mapping[tuple[str, str, str], int], hour: int) -> None:
    """Workers add to the same rows."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    for (site, family, what), number in sorted(counts.items()):
        row = {"site": site, "hour": hour, "what": what, "kind": family, "number": number}
        insert = dialect.insert(portal_tallies).values(row)
        key = [column.name for column in portal_tallies.primary_key]
        more = {"number": portal_tallies.c.number + insert.excluded.number}
        connection.execute(insert.on_conflict_do_update(index_elements=key, set_=more))
