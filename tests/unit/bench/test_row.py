"""What a bench says of its figures."""

from __future__ import annotations

import json
from pathlib import Path

from bench.row import percentile, row, table, write


def test_a_ratio_is_taken_pair_by_pair_because_runs_meet_the_same_machine() -> None:
    found = row("packets", "packets/s", [100, 50, 90], [100, 40, 60], "a peer 1.0")

    assert (found.ours, found.peer, found.ratio, found.runs) == (90, 60, 1.25, 3)
    assert found.spread == 0.556


def test_a_ratio_above_one_is_ours_to_boast_of_whichever_way_the_unit_points() -> None:
    assert row("wait", "ms", [10], [20], "a peer", less_is_better=True).ratio == 2
    assert row("wait", "ms", [10], [20], "a peer").ratio == 0.5


def test_a_figure_without_a_peer_has_no_ratio() -> None:
    found = row("wait", "ms", [1234.5])

    assert (found.peer, found.ratio) == (None, None)
    assert "1,230.0" in table([found])


def test_a_percentile_is_a_value_that_was_seen() -> None:
    assert percentile(range(100), 0.99) == 99
    assert percentile([3, 1, 2], 0.5) == 2


def test_the_figures_are_written_as_rows(tmp_path: Path) -> None:
    write(tmp_path / "var" / "bench.json", [row("wait", "ms", [2], [4], "a peer")])

    (found,) = json.loads((tmp_path / "var" / "bench.json").read_text())
    assert set(found) == {"name", "ours", "peer", "peer_version", "ratio", "unit", "runs", "spread"}
