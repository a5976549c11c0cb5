"""The real RADIUS service on free ports of loopback, once on each database, and a town whose NASes may talk to it."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyrad.packet import AccountingRequest, AcctPacket  # type: ignore[import-untyped]
from sqlalchemy import Table, create_engine, insert, select

from hotspot import grants, tables
from hotspot.clock import LabClock, set_lab_clock
from hotspot.running import addresses_of, withdraw
from hotspot.secret import SecretSource
from hotspot.sites import Sites
from hotspot.store import Store
from radius.names import Names
from tests.conftest import ROOT, FixedClock, as_service, prepared
from tests.integration.radius.desk import NOON, Desk
from tests.peers import radclient
from tests.peers.process import running, wait_until

AFTERNOON = "2026-11-24T15:00:00+07:00"  # every sample site but Romansa Kuliner is open


@dataclass
class Town:
    """The sample town with a RADIUS service of its own."""

    state: Path
    sites: Sites
    database: str
    store: Store

    @property
    def secrets(self) -> SecretSource:
        return SecretSource(self.state / "secrets", {})

    @property
    def environ(self) -> dict[str, str]:
        return os.environ | {
            "HOTSPOT_STATE": str(self.state),
            "HOTSPOT_SITES": str(ROOT / "sites.yaml"),
            "HOTSPOT_DATABASE": self.database,
            "HOTSPOT_CLOCK": str(self.state / "clock"),
            "HOTSPOT_RADIUS_AUTH": "127.0.0.1:0",
            "HOTSPOT_RADIUS_ACCT": "127.0.0.1:0",
            "HOTSPOT_RADIUS_OPS": "127.0.0.1:0",
        }

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "radius"]

    @property
    def log(self) -> Path:
        return self.state / "radius.log"

    def set_time(self, moment: str | float) -> None:
        at = datetime.fromisoformat(moment).timestamp() if isinstance(moment, str) else moment
        set_lab_clock(self.state / "clock", at, 1)

    def now(self) -> int:
        clock = LabClock(self.state / "clock")
        try:
            return int(clock.now())
        finally:
            clock.close()

    def address(self, listener: str) -> str:
        announced = addresses_of(self.state / "run", "radius")
        assert announced is not None
        return announced[listener]

    def wait_ready(self) -> None:
        wait_until(lambda: addresses_of(self.state / "run", "radius"), f"RADIUS is ready\n{self.log.read_text()}")

    def secret(self, nas: str) -> str:
        return self.secrets.read(f"nas-{nas}").reveal()

    def mint(self, nas: str, mac: str, **facts: Any) -> tuple[str, str]:
        """A grant as the portal makes it: its id and password."""
        grant = grants.new_id(secrets.token_bytes(10))
        now = self.now()
        row = {
            "id": grant, "flow": grant, "nas": nas, "site": self.sites.nas[nas].site, "mac": mac, "way": "tap",
            "minted_at": now, "expires_at": now + grants.LIFETIME,
        }  # fmt: skip
        with self.store.writing() as connection:
            connection.execute(insert(tables.grants), row | facts)
        return grant, grants.password(self.secrets.read("grant-key"), grant)

    def ask(self, kind: str, nas: str, *attributes: str, secret: str | None = None, wait: float = 2) -> radclient.Heard:
        """``kind``: auth and status go to the authentication port, acct and acct-status to the other."""
        listener = "acct" if kind.startswith("acct") else "auth"
        what = "status" if kind.endswith("status") else kind
        address = self.sites.nas[nas].address
        key = secret or self.secret(nas)
        return radclient.ask(what, self.address(listener), key, *attributes, source=address, wait=wait)

    def rows(self, table: Table, **where: Any) -> list[dict[str, Any]]:
        query = select(table).where(*(table.c[name] == value for name, value in where.items()))
        with self.store.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def start_of(town: Town, nas: str, session: str, identifier: int) -> bytes:
    """An Accounting-Request as pyrad writes it."""
    secret = town.secret(nas).encode()
    packet = AcctPacket(code=AccountingRequest, secret=secret, id=identifier, dict=Names().dictionary)
    packet[40], packet[44] = [(1).to_bytes(4, "big")], [session.encode()]
    return bytes(packet.RequestPacket())


@contextlib.contextmanager
def nas_socket(town: Town, nas_id: str) -> Iterator[socket.socket]:
    host, _, port = town.address("acct").rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nas:
        nas.bind((town.sites.nas[nas_id].address, 0))
        nas.connect((host, int(port)))
        nas.settimeout(2)
        yield nas


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a fresh and empty database, once SQLite and once PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('store')}/hotspot.db"
    server: str = request.getfixturevalue("postgres_url")
    name = "radius_" + secrets.token_hex(4)
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    admin.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="module")
def shelf(database: str) -> Iterator[Store]:
    """One store on each database for all tests of this module."""
    with prepared(database) as store:
        yield store


@pytest.fixture
def desk(shelf: Store, sites: Sites, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(shelf, sites, tmp_path / "keys", FixedClock(NOON))
    desk.clear()  # of what a service wrote that shares the store
    yield desk
    desk.clear()


@pytest.fixture(scope="module")
def idle_town(database: str, sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Everything but the running service, which will have no more rights in PostgreSQL than its role."""
    with prepared(database) as store:
        own = as_service(store, "radius").engine.url.render_as_string(hide_password=False)
        town = Town(tmp_path_factory.mktemp("state"), sites, own, store)
        for name in ("grant-key", *(f"nas-{nas.id}" for nas in sites.nases)):
            town.secrets.make(name)
        town.set_time(AFTERNOON)
        withdraw(town.state / "run", "radius")
        yield town


@pytest.fixture(scope="module")
def town(idle_town: Town) -> Iterator[Town]:
    with running(idle_town.command, idle_town.log, idle_town.environ, cwd=ROOT):
        idle_town.wait_ready()
        yield idle_town
