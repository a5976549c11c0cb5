"""make bench-portal: weight, latency on one core, throughput beside a plain page and nginx, the storm."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.request import urlopen

import pytest

from bench.portal import houses, load
from bench.portal.weights import weights
from bench.row import Row, percentile, row, table, write
from tests.conftest import ROOT
from tests.peers import postgres

OUTPUT = ROOT / "var" / "bench" / "portal.json"
RATE, LASTING = 100, 10.0
_MILLI = 1000


def main(argv: Sequence[str] | None = None) -> int:
    """Where a peer is missing, one sentence says so."""
    parser = argparse.ArgumentParser(prog="make bench-portal", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of each, ours and the peers' in turn (default 5)")
    arguments = parser.parse_args(argv)
    logging.disable()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended, as after Ctrl-C
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="hotspot-bench-") as folder:
        Path(folder).chmod(0o755)
        try:
            for part in (_side_by_side, _at_a_rate, _storms):
                rows += part(Path(folder), arguments.runs)
                write(OUTPUT, rows)
        except pytest.skip.Exception as skipped:
            print(f"bench-portal: skipped, {skipped.msg}")
            return 0
    print(table(rows))
    print(f"written to {OUTPUT.relative_to(ROOT)}")
    return 0


def _side_by_side(folder: Path, runs: int) -> list[Row]:
    """They take turns on the same two cores, which the clients share."""
    with houses.ours(folder / "ours") as own, houses.plain(folder / "plain") as peer:
        page = urlopen(own + houses.arrival(1)).read()  # noqa: S310 - ours
        with houses.nginx(folder / "nginx", page) as static:
            urls = (own + houses.arrival(1), f"{peer}/login?mac=02:11:22:33:44:55", f"{static}/page.html")
            _say(f"{load.CLIENTS} clients in a closed loop at each in turn")
            turns = [[load.closed(url) for url in urls] for _ in range(runs)]
    ours, theirs, files = ([turn[number] for turn in turns] for number in range(3))
    name = f"arrival page, {load.CLIENTS} clients in a closed loop"
    return [
        *weights(page),
        row(f"{name}, against a plain Flask page", "pages/s", ours, theirs, houses.plain_version()),
        row(f"{name}, against the same page as a file", "pages/s", ours, files, houses.nginx_version()),
    ]


def _at_a_rate(folder: Path, runs: int) -> list[Row]:
    _say(f"{RATE} arrivals a second on one core")
    with houses.ours(folder / "rate", workers=1, core=0) as own:
        told = [asyncio.run(load.at_fixed_moments(own, RATE, LASTING)) for _ in range(runs)]
    name = f"arrival page at {RATE}/s on one core"
    return [
        row(f"{name}: p50", "ms", [_MILLI * percentile(run.waits, 0.5) for run in told]),
        row(f"{name}: p95 (at most 50)", "ms", [_MILLI * percentile(run.waits, 0.95) for run in told]),
        _errors(name, told),
    ]


def _storms(folder: Path, _runs: int) -> list[Row]:
    rows = []
    for database in ("SQLite", "PostgreSQL"):
        _say(f"{load.PHONES} phones in {load.RUSH:.0f} s on {database}")
        with _url(database) as url, houses.ours(folder / f"storm-{database}", database=url) as own:
            told = asyncio.run(load.storm(own))
        name = f"{load.PHONES} phones in {load.RUSH:.0f} s on {database}"
        rows += [row(f"{name}: p95", "ms", [_MILLI * percentile(told.waits, 0.95)]), _errors(name, [told])]
    return rows


@contextlib.contextmanager
def _url(database: str) -> Iterator[str]:
    if database == "SQLite":
        yield ""
    else:
        with postgres.cluster() as url:
            yield url


def _errors(name: str, told: Sequence[load.Told]) -> Row:
    for run in told:
        for error in sorted(set(run.errors)):
            _say(f"{name}: {run.errors.count(error)} x {error}")
    return Row(f"{name}: errors", sum(len(run.errors) for run in told), None, "", None, "answers", len(told), 0.0)


def _say(text: str) -> None:
    print(f"bench-portal: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
