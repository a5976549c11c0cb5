"""make bench-radius: logins, reports, repeats and hostile packets at ours and at Debian's FreeRADIUS, in turn."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.radius.storm import storm
from bench.radius.trials import TRIALS, Bench
from bench.radius.workers import workers
from bench.row import Row, table, write
from tests.conftest import ROOT

OUTPUT = ROOT / "var" / "bench" / "radius.json"


def main(argv: Sequence[str] | None = None) -> int:
    """Where a peer is missing, one sentence says so."""
    parser = argparse.ArgumentParser(prog="make bench-radius", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of each, ours and the peer's in turn (default 5)")
    parser.add_argument("--clients", type=int, default=6000, help="in each run (default 6000)")
    parser.add_argument("--only", help="the rows whose name begins so")
    arguments = parser.parse_args(argv)
    logging.disable()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended, as after Ctrl-C
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="hotspot-bench-") as folder:
        bench = Bench(Path(folder), arguments.runs, arguments.clients, _say)
        try:
            for name, trial in {**TRIALS, "workers": workers, "storm": storm}.items():
                if arguments.only and not name.startswith(arguments.only):
                    continue
                rows += trial(bench)
                write(OUTPUT, rows)
        except pytest.skip.Exception as skipped:
            print(f"bench-radius: skipped, {skipped.msg}")
            return 0
    print(table(rows))
    print(f"written to {OUTPUT.relative_to(ROOT)}")
    return 0


def _say(text: str) -> None:
    print(f"bench-radius: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
