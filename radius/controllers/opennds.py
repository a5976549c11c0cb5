"""openNDS at FAS level 3: it comes to the portal for its orders, and what it said there stands in ``admissions``.

A box that tells each minute who is in (hotspot/nas/opennds.py) is told by the portal whom to end; any other ends a
session by the limits that it was given, or by itself. A client that is in can be given no other limits.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from hotspot.mac import Mac
from hotspot.store import Store
from hotspot.tables import admissions, reservations
from radius.controllers.kind import Denied, Guest, Seen

SESSION_TIMEOUT = 5


class OpenNds:
    limits, is_asked = False, False
    every = 20  # it costs our own database a query; the box tells once a minute

    def __init__(self, nas: str, store: Store, now: Callable[[], float]) -> None:
        self._nas, self._store, self._now = nas, store, now

    def admit(self, guest: Guest) -> None:
        """The promise is written; the box finds it at its next turn."""

    def look(self, mac: Mac) -> Seen | None:
        return next((seen for seen in self.clients() if seen.mac == mac), None)

    def end(self, mac: Mac) -> None:
        """The open wish is what the portal tells the box."""
        seen = self.look(mac)
        if seen is not None and seen.upload is None:
            raise Denied("this openNDS does not tell who is in, so it cannot be told to end a session")

    def clients(self) -> list[Seen]:
        """The newest order of each client that the box has carried out; what lasts longer than promised is over."""
        query = (
            select(admissions, reservations.c.ends_at)
            .join_from(admissions, reservations, reservations.c.grant_id == admissions.c.grant_id)
            .where(admissions.c.nas == self._nas, admissions.c.fetched_at.is_not(None))
            .order_by(admissions.c.asked_at)
        )
        with self._store.reading() as connection:
            rows = connection.execute(query).all()
        found = {}
        for row in rows:
            is_in = row.left_at is None and row.ends_at > self._now()
            cause = row.left_cause or SESSION_TIMEOUT
            found[row.mac] = Seen(Mac(row.mac), is_in, None, row.upload, row.download, cause)
        return list(found.values())
