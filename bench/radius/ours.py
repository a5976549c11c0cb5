"""Our RADIUS in a town that never closes and is never full, with grants for all guests, on either database."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from sqlalchemy import create_engine, insert

from bench.radius.freeradius import Peer
from bench.radius.packets import Guest, Station
from hotspot import grants, tables
from hotspot.nas import NAS_KINDS
from hotspot.secret import Secret
from hotspot.sites import load
from hotspot.store import Store
from tests.conftest import ROOT, as_service, prepared
from tests.integration.radius.conftest import Town
from tests.peers.process import running

LIFETIME = 86400  # of a grant, so that none ends while the load is prepared


class Roomy(Town):
    """Reads its own sites.yaml and the real clock."""

    workers = 1

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in super().environ.items() if name != "HOTSPOT_CLOCK"}
        return kept | {"HOTSPOT_SITES": str(self.state / "sites.yaml")}

    @property
    def command(self) -> list[str]:
        more = ["--workers", str(self.workers)] if self.workers > 1 else []
        return [*super().command, "--log-level", "warning", *more]


@dataclass(frozen=True)
class Cast:
    """Who takes part, the same at every server."""

    grant_key: str
    stations: tuple[Station, ...]
    guests: tuple[Guest, ...]


def cast(count: int) -> Cast:
    """The NASes of the sample that speak RADIUS, and so many guests with passwords under a fresh grant key."""
    key = secrets.token_urlsafe(32)
    secret = Secret(key)
    stations = tuple(
        Station(nas.id, nas.site, nas.address, secrets.token_urlsafe(24).encode())
        for nas in load(ROOT / "sites.yaml").nases
        if NAS_KINDS[nas.kind].speaks_radius
    )
    guests = []
    for number in range(count):
        name = grants.new_id(secrets.token_bytes(10))
        token = "hs1:" + hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
        guests.append(Guest(name, grants.password(secret, name), f"02{number:010x}", token))
    return Cast(key, stations, tuple(guests))


@contextlib.contextmanager
def service(
    folder: Path, url: str, people: Cast, *, promised: bool = False, workers: int = 1, postmaster: int | None = None
) -> Iterator[tuple[Peer, Roomy]]:
    """``promised``: the guests have been accepted already and their sessions are reported next."""
    folder.mkdir()
    if url.startswith("postgresql"):
        url = _database(url, folder.name)
    with prepared(url) as store:
        town = _town(folder, store, people)
        town.workers = workers
        _fill(store, people, promised=promised)
        with running(town.command, town.log, town.environ, cwd=ROOT) as process:
            town.wait_ready()
            doors = [_split(town.address(door)) for door in ("auth", "acct")]
            pids = (process.pid, *([postmaster] if postmaster else []))
            yield Peer("ours", doors[0], doors[1], pids), town


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder}/hotspot.db"


def _town(folder: Path, store: Store, people: Cast) -> Roomy:
    plain = yaml.safe_load((ROOT / "sites.yaml").read_text())
    for site in plain["sites"]:
        site["capacity"] = 1_000_000
        site["hours"] = {"daily": "04:00-04:00"}
    (folder / "sites.yaml").write_text(yaml.safe_dump(plain, allow_unicode=True))
    own = as_service(store, "radius").engine.url.render_as_string(hide_password=False)
    town = Roomy(folder, load(folder / "sites.yaml"), own, store)
    kept = {"grant-key": people.grant_key} | {f"nas-{one.id}": one.secret.decode() for one in people.stations}
    (folder / "secrets").mkdir(mode=0o700)
    for name, value in kept.items():
        path = folder / "secrets" / name
        path.touch(mode=0o600)
        path.write_text(value)
    return town


def _fill(store: Store, people: Cast, *, promised: bool) -> None:
    now = int(time.time())
    granted, reserved = [], []
    for number, guest in enumerate(people.guests):
        station = people.stations[number % len(people.stations)]
        whose = {"nas": station.id, "site": station.site, "mac": guest.mac, "way": "tap"}
        granted.append({"id": guest.name, "flow": guest.name, "minted_at": now, "expires_at": now + LIFETIME} | whose)
        if promised:
            facts = {"device_day": None, "reserved_at": now, "ends_at": now + 7200, "interim": 300, "started_at": None}
            reserved.append({"class_token": guest.token, "grant_id": guest.name} | whose | facts)
    with store.writing() as connection:
        connection.execute(insert(tables.grants), granted)
        if reserved:
            connection.execute(insert(tables.reservations), reserved)
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _database(server: str, name: str) -> str:
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    return server.replace("/postgres?", f"/{name}?")


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)
