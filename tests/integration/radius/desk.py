"""Books on a store as RADIUS keeps them, without the wire: what tests of the books work at."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, insert, select

from hotspot import tables
from hotspot.mac import Mac
from hotspot.metrics import Metrics
from hotspot.pseudonym import KeyRing
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from radius.books import Books, Outcome, Work
from radius.event import Status, Step
from radius.ledger import Ledger
from radius.login import Login
from radius.measures import Measures
from radius.pseudonyms import Pseudonyms
from radius.redemption import Redemption
from tests.conftest import FixedClock, as_service

KEY = Secret("the key of grants in these tests")
NAS, SITE, MAC = "gw-alun-alun-besar", "alun-alun-besar", Mac("021122aabbcc")


def at(moment: str) -> int:
    return int(datetime.fromisoformat(moment + "+07:00").timestamp())


NOON = at("2026-11-24T12:00:00")


def report(status: Status, moment: int, seconds: int | None, session: str = "s1", **facts: Any) -> Step:
    blank = Step(
        status=status, nas=NAS, site=SITE, session_id=session, class_token=None, user_name="g1", mac=MAC, address=None,
        at=moment, seconds=seconds, input_octets=None, output_octets=None, cause=None, received_at=moment,
    )  # fmt: skip
    return replace(blank, **facts)


class Desk:
    """Books on a store, under the role of RADIUS; the test itself works as the database's owner."""

    def __init__(self, store: Store, sites: Sites, keys: Path, clock: FixedClock) -> None:
        self.store, self.clock, self.ring = store, clock, KeyRing(keys)
        pseudonyms = Pseudonyms(self.ring, sites.timezone, KEY)
        self.measures = Measures(Metrics())
        ours = as_service(store, "radius")
        self.engine = ours.engine
        self.books = Books(
            ours,
            ledger=Ledger(sites, pseudonyms),
            redemption=Redemption(sites, pseudonyms),
            pseudonyms=pseudonyms,
            clock=clock,
            measures=self.measures,
        )

    def book(self, *work: Work) -> list[Outcome]:
        return self.books.commit(work)

    def rows(self, table: Table, *columns: str) -> list[tuple[Any, ...]]:
        chosen = [table.c[name] for name in columns]
        with self.store.reading() as connection:
            return [tuple(row) for row in connection.execute(select(*chosen).order_by(*chosen))]

    def mint(self, grant: str = "g1", **facts: Any) -> Login:
        now = int(self.clock.now())
        row = {"id": grant, "flow": grant, "nas": NAS, "site": SITE, "mac": MAC.digits, "way": "tap",
               "minted_at": now, "expires_at": now + 300} | facts  # fmt: skip
        with self.store.writing() as connection:
            connection.execute(insert(tables.grants), row)
        return Login(grant, str(row["nas"]), str(row["site"]), Mac(str(row["mac"])))

    def clear(self) -> None:
        with self.store.writing() as connection:
            for table in tables.metadata.sorted_tables:
                connection.execute(delete(table))
