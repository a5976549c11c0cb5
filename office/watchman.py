"""Looks every minute whether the audit log still has what it had, and notes where it stands."""

from __future__ import annotations

import logging
import threading

from hotspot.log import event
from hotspot.store import StoreAway
from office import anchor
from office.anchor import Lost
from office.desk import Desk

LOOK = 60.0  # seconds between two looks; what is cut within them is not noticed
DAY = 86_400

log = logging.getLogger(__name__)


class Watchman:
    """Says each trouble once, and the log's head once a day."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._said: Lost | None = None
        self._day = -1

    def look(self) -> None:
        if self._desk.anchor is None:
            return
        now = int(self._desk.wall.now())
        with self._desk.store.reading() as connection:
            found = anchor.keep(connection, self._desk.anchor, now, self._desk.sites.retention.audit)
        if isinstance(found, Lost):
            if found != self._said:
                event(log, logging.ERROR, "the audit log lacks an entry that it had", entry=found.anchor.number)
            self._said = found
        elif found and self._day != now // DAY:
            self._day = now // DAY
            event(log, logging.INFO, "the audit log's head", entry=found.number, hash=found.hash)


def look_now_and_then(desk: Desk) -> None:
    """A thread of each worker; the first look is at once."""
    watchman = Watchman(desk)

    def watch() -> None:
        pause = threading.Event()
        while True:
            try:
                watchman.look()
            except (*StoreAway, OSError) as error:
                event(log, logging.WARNING, "the audit log could not be looked at", error=type(error).__name__)
            pause.wait(LOOK)

    threading.Thread(target=watch, name="watchman", daemon=True).start()
