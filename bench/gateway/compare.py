"""The same phones against openNDS in the same namespaces, side by side: a table of what each passes, for the docs.

``python -m bench.gateway.compare [docs/gateway.md]``: printed, or put between the two marks of that file.
"""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.gateway import gates
from bench.gateway.trials import TRIALS

BEGIN, END = "<!-- bench.gateway.compare writes from here -->", "<!-- to here -->"


def main(argv: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended, as after Ctrl-C
    with tempfile.TemporaryDirectory(prefix="hotspot-compare-") as folder:
        try:
            text = _table(Path(folder))
        except pytest.skip.Exception as skipped:
            print(f"compare: skipped, {skipped.msg}")
            return 0
    if not argv:
        print(text)
        return 0
    page = Path(argv[0])
    head, _, rest = page.read_text().partition(BEGIN)
    page.write_text(f"{head}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}")
    return 0


def _table(folder: Path) -> str:
    """One gateway after the other, each trial in the same order."""
    columns = []
    for number, stand in enumerate((gates.ours, gates.theirs)):
        with stand(folder / str(number)) as gate:
            column = [gate.name]
            for what, trial in TRIALS:
                column.append(trial(gate))
                print(f"{gate.name}: {what}: {column[-1]}", file=sys.stderr, flush=True)
            columns.append(column)
    heads = ["", *(what for what, _ in TRIALS)]
    lines = [f"| {' | '.join(cells)} |" for cells in zip(heads, *columns, strict=True)]
    return "\n".join([lines[0], "|---" * 3 + "|", *lines[1:]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
