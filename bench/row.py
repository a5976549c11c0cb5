"""One measured figure, ours beside a peer's: medians of interleaved runs, the ratio taken pair by pair (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Row:
    """``ratio`` above 1 says that ours is better, whichever way the unit points; None where there is no peer.

    ``spread`` is how far apart our runs lay, as a share of their median.
    """

    name: str
    ours: float
    peer: float | None
    peer_version: str
    ratio: float | None
    unit: str
    runs: int
    spread: float


def row(
    name: str,
    unit: str,
    ours: Sequence[float],
    peer: Sequence[float] = (),
    peer_version: str = "",
    *,
    less_is_better: bool = False,
) -> Row:
    """Runs stand in the order in which they were made, so that the pairs met the same machine."""
    pairs = list(zip(ours, peer, strict=True)) if peer else []
    ratios = [theirs / own if less_is_better else own / theirs for own, theirs in pairs]
    middle = median(ours)
    return Row(
        name=name,
        ours=_rounded(middle),
        peer=_rounded(median(peer)) if peer else None,
        peer_version=peer_version,
        ratio=_rounded(median(ratios)) if ratios else None,
        unit=unit,
        runs=len(ours),
        spread=_rounded((max(ours) - min(ours)) / middle) if middle else 0,
    )


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(rows: Iterable[Row]) -> str:
    lines = [f"{'what':76} {'ours':>11} {'peer':>11} {'ratio':>8} {'unit':14} {'runs':>4} {'spread':>6}  peer"]
    for r in rows:
        peer, ratio = ("-" if value is None else f"{value:,}" for value in (r.peer, r.ratio))
        figures = f"{r.ours:>11,} {peer:>11} {ratio:>8} {r.unit:14} {r.runs:>4} {r.spread:>6.0%}"
        lines.append(f"{r.name:76} {figures}  {r.peer_version}".rstrip())
    return "\n".join(lines)


def write(path: Path, rows: Iterable[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(r) for r in rows], indent=1) + "\n")


def _rounded(value: float) -> float:
    """Three digits are more than such a measurement knows."""
    return float(f"{value:.3g}")
