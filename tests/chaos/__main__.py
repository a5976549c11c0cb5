"""make chaos: hundreds of kills under load on each database; a table, and var/chaos.json."""

from __future__ import annotations

import argparse
import contextlib
import json
import secrets
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import create_engine

from hotspot.sites import load
from hotspot.store import Store
from tests.chaos.away import locked, refusing
from tests.chaos.trial import ABSENT_SECONDS, Result, trial
from tests.conftest import ROOT, as_service, prepared
from tests.integration.radius.conftest import AFTERNOON, Town
from tests.peers import postgres
from tests.peers.process import free_port

CASES = ("sqlite", "sqlite, locked now and then", "postgresql", "postgresql, away now and then", "postgresql, workers")
OUTPUT = ROOT / "var" / "chaos.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="in each case (default 100)")
    parser.add_argument("--workers", type=int, default=3, help="where there are several (default 3)")
    parser.add_argument("--only", help="the cases whose name begins so")
    parser.add_argument("--seed", type=int, default=None, help="repeat the moments of an earlier run")
    arguments = parser.parse_args()
    seed = secrets.randbelow(10**6) if arguments.seed is None else arguments.seed
    cases = [case for case in CASES if case.startswith(arguments.only or "")]
    print(f"{arguments.kills} kills in each of {len(cases)} cases, seed {seed}", flush=True)
    results = []
    for case in cases:
        result = run(case, arguments.kills, seed, arguments.workers)
        print(_line(result), flush=True)
        results.append(result)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")
    print(f"written to {OUTPUT}")
    return int(any(result.lost or result.crashes for result in results))


def run(case: str, kills: int, seed: int, workers: int) -> Result:
    with (
        tempfile.TemporaryDirectory(prefix="hotspot-chaos-") as folder,
        _database(case, Path(folder)) as (url, server),
        prepared(url) as store,
    ):
        town = town_on(Path(folder), store)
        away = None if case == "sqlite" else refusing(store, server) if server else locked(store)
        several = {"HOTSPOT_RADIUS_WORKERS": str(workers)} if case.endswith("workers") else {}
        try:
            absent = ABSENT_SECONDS
            return trial(town, case, ports=free_ports() | several, kills=kills, away=away, seed=seed, absent=absent)
        except BaseException:
            print("\n".join(town.log.read_text().splitlines()[-20:]), file=sys.stderr)
            raise


def town_on(folder: Path, store: Store) -> Town:
    """The sample town with fresh secrets on a store."""
    own = as_service(store, "radius").engine.url.render_as_string(hide_password=False)
    town = Town(folder, load(ROOT / "sites.yaml"), own, store)
    for name in ("grant-key", *(f"nas-{nas.id}" for nas in town.sites.nases)):
        town.secrets.make(name)
    town.set_time(AFTERNOON)
    return town


def free_ports() -> dict[str, str]:
    """Ports that stay the same from one life to the next."""
    kinds = {"AUTH": socket.SOCK_DGRAM, "ACCT": socket.SOCK_DGRAM, "OPS": socket.SOCK_STREAM}
    return {f"HOTSPOT_RADIUS_{name}": f"127.0.0.1:{free_port(kind)}" for name, kind in kinds.items()}


@contextlib.contextmanager
def _database(case: str, folder: Path) -> Iterator[tuple[str, str | None]]:
    """The URL of an empty database and, for PostgreSQL, its server's."""
    if case.startswith("sqlite"):
        yield f"sqlite:///{folder}/hotspot.db", None
        return
    with postgres.cluster() as server:
        name = "chaos_" + secrets.token_hex(4)
        admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        admin.dispose()
        yield server.replace("/postgres?", f"/{name}?"), server


def _line(result: Result) -> str:
    return (
        f"{result.case:32} {result.injected} kills, {result.acknowledged} of {result.tried} reports acknowledged, "
        f"{result.lost} lost, {result.crashes} crashes, {result.seconds:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
