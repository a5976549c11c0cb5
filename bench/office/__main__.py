"""make bench-office: the start page and a month's report over fifty million sessions, on PostgreSQL.

HOTSPOT_BENCH_SESSIONS sets another number, HOTSPOT_BENCH_DATABASE=sqlite the other database. There is no peer: none
prints such a month. The targets are the house's own.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient
from sqlalchemy import insert, text

from bench.office.history import History, last_full_month, load, roll_up
from bench.row import Row, percentile, row, table, write
from hotspot.clock import set_lab_clock
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.sites import load as load_sites
from hotspot.store import Store, open_store, upgrade
from hotspot.tables import staff
from office.app import create_app
from office.roles import Role
from tests.conftest import FixedClock
from tests.integration.office.town import QUICK
from tests.peers import postgres

ROOT = Path(__file__).parents[2]
OUTPUT = ROOT / "var" / "bench" / "office.json"
SIZE = int(os.environ.get("HOTSPOT_BENCH_SESSIONS", "50000000"))
DATABASE = os.environ.get("HOTSPOT_BENCH_DATABASE", "postgresql")
LOOKS, REPORTS = 200, 3
PAGE_TARGET, REPORT_TARGET = 0.3, 30.0  # seconds: p95 warm, and the slowest of the cold runs
PASSWORD = "kuda hijau baterai"  # noqa: S105 - of an account that lives as long as the benchmark


def main() -> int:
    """A cluster is durable, as Debian sets it up, and goes when the benchmark ends."""
    sites = load_sites(ROOT / "sites.yaml")
    history = History(SIZE, int(datetime(2026, 11, 21, tzinfo=sites.timezone).timestamp()))
    with tempfile.TemporaryDirectory(prefix="hotspot-bench-") as folder, _database(Path(folder)) as url:
        store = open_store(url)
        upgrade(store)
        filled = _timed("loaded, indexes built", lambda: load(store, sites, history))
        counted = _timed("counted day by day", lambda: roll_up(store, sites, history))
        size = _size(store)
        rows = [
            row("sessions loaded", "1", [SIZE]),
            row(f"loading into {store.engine.dialect.name} with its indexes", "sessions/s", [SIZE / filled]),
            row("counting by the nightly job's code", "sessions/s", [SIZE / counted]),
            row("database", "GB", [size / 1e9]),
            *_pages(store, sites, history),
            *_reports(url, sites, history, Path(folder)),
        ]
        store.close()
    write(OUTPUT, rows)
    print(f"{SIZE} sessions over {history.length} days at {len(sites.site)} sites")
    print(table(rows))
    print(f"written to {OUTPUT.relative_to(ROOT)}")
    return 0


@contextlib.contextmanager
def _database(folder: Path) -> Iterator[str]:
    if DATABASE == "sqlite":
        yield f"sqlite:///{folder}/hotspot.db"
        return
    with postgres.cluster(durable=True) as url:
        yield url


def _size(store: Store) -> int:
    with store.reading() as connection:
        if store.is_sqlite:
            pages, page = (
                connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size")
            )
            return int(pages) * int(page)
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _pages(store: Store, sites: Sites, history: History) -> list[Row]:
    """Through the whole app, logged in, without the network between."""
    clock = FixedClock(history.now)
    app = create_app(sites, store, Secret("k" * 32), clock=clock, wall=clock, passwords=QUICK)
    account = {"name": "bench", "password_hash": QUICK.hash(PASSWORD), "role": Role.HEAD.value, "created_at": 1}
    with store.writing() as connection:
        connection.execute(insert(staff), account)
    visitor = app.test_client()
    _log_in(visitor)
    found = []
    for name, path in (("start page", "/"), ("one site", f"/sites/{sites.sites[0].id}"), ("reports", "/reports")):
        _look(visitor, path)  # the first one is cold and not counted
        times = [_look(visitor, path) for _ in range(LOOKS)]
        found.append(row(f"{name}, p95 warm (target {PAGE_TARGET * 1000:.0f})", "ms", [percentile(times, 0.95) * 1000]))
        found.append(row(f"{name}, median warm", "ms", [median(times) * 1000]))
    return found


def _log_in(visitor: FlaskClient) -> None:
    token = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/login").text)
    form = {"csrf": token[1] if token else "", "name": "bench", "password": PASSWORD, "then": "/"}
    if visitor.post("/login", data=form).status_code != 303:
        sys.exit("bench-office: the benchmark cannot log in")


def _look(visitor: FlaskClient, path: str) -> float:
    began = time.perf_counter()
    code = visitor.get(path).status_code
    if code != 200:
        sys.exit(f"bench-office: {path} answered {code}")
    return time.perf_counter() - began


def _reports(url: str, sites: Sites, history: History, folder: Path) -> list[Row]:
    """The command as a person starts it: a new process each time, all files of the month for all sites."""
    set_lab_clock(folder / "clock", history.now, 0)
    month = last_full_month(sites, history)
    environ = dict(os.environ, HOTSPOT_CLOCK=str(folder / "clock"), HOTSPOT_STATE=str(folder))
    words = [sys.executable, "-m", "office.report", "--month", month, "--sites", str(ROOT / "sites.yaml")]
    times = []
    for number in range(REPORTS):
        command = [*words, "--database", url, "--all", str(folder / f"{number}")]
        times.append(_timed(f"report {number + 1} of {REPORTS}", partial(_run, command, environ)))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        row(f"a month's report, every file, new process, slowest (target {REPORT_TARGET:.0f})", "s", [max(times)]),
        row("a month's report, every file, new process", "s", times),
        row("its memory", "MiB", [peak]),
    ]


def _run(command: Sequence[str], environ: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(f"bench-office: {done.stderr}")


def _timed(what: str, work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    print(f"bench-office: {what}: {seconds:.1f} s", file=sys.stderr, flush=True)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
