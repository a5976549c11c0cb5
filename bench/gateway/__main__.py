"""make bench-gateway: forwarding, tap-to-open, logins and the interim cycle of a full house, beside the peers."""

from __future__ import annotations

import contextlib
import logging
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import pytest

from bench.gateway import cycle, logins, tap
from bench.gateway.crowd import Visitor, crowd
from bench.gateway.doors import MOST_OF_OPENNDS, opennds_door, opennds_version, ours, plain
from bench.gateway.forwarding import forwarding
from bench.row import Row, percentile, row, table, write
from tests.peers.gateway_place import NETWORK, PHONES, Site, site
from tests.peers.namespace import ROOT

SIZE = 1000  # visitors online
TAPS = 60
RUNS = 3
OUTPUT = ROOT / "var" / "bench" / "gateway.json"
_MILLI = 1000


def main() -> int:
    """Where namespaces or a peer are missing, one sentence says so."""
    visitors = crowd(SIZE, NETWORK.network, (str(NETWORK.ip), *PHONES))
    logging.disable()  # a rush's silences are counted, not told one by one
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended, as after Ctrl-C
    with tempfile.TemporaryDirectory(prefix="hotspot-bench-") as folder:
        try:
            rows: list[Row] = []
            for part in (_through, _inside):
                rows += part(visitors, Path(folder))
                write(OUTPUT, rows)
        except pytest.skip.Exception as skipped:
            print(f"bench-gateway: skipped, {skipped.msg}")
            return 0
    print(table(rows))
    print(f"written to {OUTPUT.relative_to(ROOT)}")
    return 0


def _through(visitors: Sequence[Visitor], folder: Path) -> list[Row]:
    """Three gateways stand side by side and take turns."""
    _say(f"letting {len(visitors)} visitors in at ours, and at openNDS as many of {MOST_OF_OPENNDS} as it takes")
    with (
        ours(folder / "ours", visitors) as own,
        plain(folder / "plain", visitors) as nat,
        opennds_door(folder / "opennds", visitors, time.monotonic) as nds,
    ):
        _say("forwarding through each in turn")
        peers = [(nat, f"nftables, Linux {platform.release()}"), (nds, opennds_version())]
        found = forwarding(own, peers, RUNS, folder)
    return [*found, *_logins(visitors, folder, nds.logins)]


def _logins(visitors: Sequence[Visitor], folder: Path, peer: float) -> list[Row]:
    _say(f"{len(visitors)} logins as fast as they go, and {logins.WANTED} a second")
    rushes = []
    for run in range(RUNS):
        with _fresh(folder / f"rush-{run}") as (place, own):
            rushes.append(logins.rush(place, visitors, own / "rush"))
    most = [rush.most for rush in rushes]
    name, waits = f"with {logins.WANTED} logins offered a second", [rush.waits for rush in rushes]
    soon = [100 * sum(wait < 1 for wait in run) / len(run) for run in waits]
    return [
        row("logins, FreeRADIUS asked, against ndsctl auth", "logins/s", most, [peer] * len(most), opennds_version()),
        row(f"{name}: share online within 1 s", "%", soon),
        row(f"{name}: wait p50", "ms", [_MILLI * percentile(run, 0.5) for run in waits]),
        row(f"{name}: wait p99", "ms", [_MILLI * percentile(run, 0.99) for run in waits]),
    ]


def _inside(visitors: Sequence[Visitor], folder: Path) -> list[Row]:
    _say(f"{TAPS} taps one by one, three times")
    taps = []
    for run in range(RUNS):
        with _fresh(folder / f"tap-{run}") as (place, own):
            taps.append(tap.waits(place, visitors[:TAPS], own / "tap"))
    _say(f"the interim cycle of {len(visitors)} visitors")
    with _fresh(folder / "cycle") as (place, own):
        costs = cycle.cycles(place, visitors, own / "cycle", RUNS)
    crowded = f"interim cycle of {len(visitors):,}"
    return [
        row("tap to first packet p50", "ms", [_MILLI * median(run) for run in taps]),
        row("tap to first packet p99", "ms", [_MILLI * percentile(run, 0.99) for run in taps]),
        row(f"{crowded}: CPU", "ms", [_MILLI * cost.cpu for cost in costs]),
        row(f"{crowded}: until others are served", "ms", [_MILLI * cost.wall for cost in costs]),
    ]


@contextlib.contextmanager
def _fresh(folder: Path) -> Iterator[tuple[Site, Path]]:
    folder.mkdir()
    with site(folder) as place:
        yield place, folder


def _say(text: str) -> None:
    print(f"bench-gateway: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
