"""openNDS at FAS level 3: it comes to the portal for its orders, and what it said there stands in ``admissions``.

It can be told nothing in between: a session ends by the limits that it was given, or by itself.
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
    limits = False

    def __init__(self, nas: str, store: Store, now: Callable[[], float]) -> None:
        self._nas, self._store, self._now = nas, store, now

    def admit(self, guest: Guest) -> None:
        """The promise is written; the box finds it at its next turn."""

    def look(self, mac: Mac) -> Seen | None:
        return next((seen for seen in self.clients() if seen.mac == mac), None)

    def end(self, mac: Mac) -> None:  # noqa: ARG002 - the contract; nobody can be ended
        raise Denied("openNDS takes no orders to end a session")

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
