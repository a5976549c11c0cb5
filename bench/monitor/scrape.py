"""A page of fifty thousand series: our writer beside prometheus-client's Gauge children of the same labels."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bench.row import Row, row
from monitor.expose.writer import Family, Writer, gauge

SERIES, FAMILIES = 50_000, 25
_LABELS = ("device", "site", "port")


def _rows(turn: int) -> list[tuple[tuple[str, str, str], float]]:
    each = SERIES // FAMILIES
    return [((f"device-{n // 40}", "alun-alun-besar", f"ether{n % 40}"), n * 1.25 + turn) for n in range(each)]


def scrape_rows(runs: int) -> Iterator[Row]:
    """Both begin with values that have just changed; the first page of each, which makes its memory, is not counted."""
    registry, writer, names = CollectorRegistry(), Writer(), [f"hotspot_bench_{n}" for n in range(FAMILIES)]
    gauges = [Gauge(name, "A figure.", _LABELS, registry=registry) for name in names]

    def theirs(turn: int) -> bytes:
        for one in gauges:
            for labels, value in _rows(turn):
                one.labels(*labels).set(value)
        return generate_latest(registry)

    def ours(turn: int) -> bytes:
        return writer.page(_family(name, turn) for name in names)

    ours(0), theirs(0)
    mine, other, page = [], [], []
    for turn in range(1, runs + 1):
        mine.append(_seconds(lambda at=turn: ours(at)))  # type: ignore[misc]
        other.append(_seconds(lambda at=turn: theirs(at)))  # type: ignore[misc]
        page.append(_seconds(lambda: generate_latest(registry)))
    if ours(1).count(b"\nhotspot_") != theirs(1).count(b"\nhotspot_"):
        raise RuntimeError("the two pages do not show the same series")
    told = f"prometheus-client {version('prometheus-client')}"
    yield row(f"a scrape of {SERIES} series, values set anew", "s", mine, other, told, less_is_better=True)
    yield row(f"a scrape of {SERIES} series, their page alone", "s", mine, page, told, less_is_better=True)


def _family(name: str, turn: int) -> Family:
    return gauge(name, "A figure.", _LABELS, _rows(turn))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
