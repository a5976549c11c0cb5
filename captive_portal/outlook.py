"""How each place is now, asked of the store every few seconds at most: arriving visitors cost no query of their own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from captive_portal.outage import dark_since
from captive_portal.ways import otp_book
from captive_portal.works import SOON, Work, next_of, on_the_way
from hotspot.clock import local_month
from hotspot.doors import Event
from hotspot.log import event
from hotspot.presence import is_open
from hotspot.sites import Sites
from hotspot.standing import events
from hotspot.store import Store, StoreAway
from hotspot.tables import maintenances, nas_facts, sessions

log = logging.getLogger(__name__)

KEEP_SECONDS = 3.0  # real ones
LATELY = 3600  # seconds; every NAS reports more often


@dataclass(frozen=True)
class Outlook:
    """``dark`` is since when the internet is down there, ``full`` that every place is taken, ``away`` that the store

    does not answer: nobody can log in then, and nothing else is known. ``events`` are those of the calendar, ``spent``
    that the month's codes by message are used up.
    """

    dark: int | None = None
    full: bool = False
    away: bool = False
    events: tuple[Event, ...] = ()
    work: Work | None = None
    spent: bool = False


AWAY = Outlook(away=True)


@dataclass
class Lookout:
    store: Store
    sites: Sites
    keep: float = KEEP_SECONDS
    _seen: Mapping[str, Outlook] = field(default_factory=dict)
    _until: float = 0.0
    _one: threading.Lock = field(default_factory=threading.Lock)

    def of(self, site: str, now: float) -> Outlook:
        """Nobody waits but the very first: others go by what was seen before, while a thread looks anew."""
        if not self._seen:
            with self._one:
                if not self._seen:
                    self._look(now)
        elif time.monotonic() >= self._until:
            self._until = time.monotonic() + self.keep
            threading.Thread(target=self._look, args=(now,), daemon=True).start()
        return self._seen.get(site, AWAY)

    def _look(self, now: float) -> None:
        try:
            with self.store.reading() as connection:
                self._seen = _outlooks(connection, self.sites, now)
        except StoreAway as error:
            event(log, logging.WARNING, "store away", error=type(error).__name__)
            self._seen = {site.id: AWAY for site in self.sites.sites}
        self._until = time.monotonic() + self.keep


def _outlooks(connection: Connection, sites: Sites, now: float) -> dict[str, Outlook]:
    here, works = _here(connection, now), _works(connection, now)
    calendar, spent = events(connection, [site.id for site in sites.sites], now), _is_spent(connection, sites, now)
    return {
        site.id: Outlook(
            dark=dark_since(connection, sites, site.id, now),
            full=here.get(site.id, 0) >= site.capacity,
            events=calendar.get(site.id, ()),
            work=next_of(works, on_the_way(sites, site.id), now),
            spent=spent,
        )
        for site in sites.sites
    }


def _is_spent(connection: Connection, sites: Sites, now: float) -> bool:
    terms = sites.messages.otp
    return terms is not None and otp_book.in_month(connection, local_month(now, sites.timezone), now) >= terms.a_month


def _works(connection: Connection, now: float) -> list[tuple[str, str, int, int]]:
    c = maintenances.c
    near = (c.cancelled_at.is_(None), c.ends_at > int(now), c.began_at < int(now) + SOON)
    return [tuple(row) for row in connection.execute(select(c.kind, c.subject, c.began_at, c.ends_at).where(*near))]


def _here(connection: Connection, now: float) -> dict[str, int]:
    """Clients by site."""
    joined = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas)
    lately = sessions.c.last_seen_at > int(now) - LATELY
    query = select(sessions.c.site, func.count()).select_from(joined).where(lately, is_open(now))
    return {row[0]: row[1] for row in connection.execute(query.group_by(sessions.c.site))}
