"""A page of fifty thousand series: our writer beside prometheus-client's Gauge children of the same labels."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bench.row import Row, row
from hotspot.pages import Page, Route, answer
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


def waiting_rows(runs: int) -> Iterator[Row]:
    """How long a poll that is due waits at most, while such a page is made again and again in the same loop."""
    writer, names = Writer(), [f"hotspot_bench_{n}" for n in range(FAMILIES)]

    def pieces() -> Iterator[bytes]:
        return writer.pieces(_family(name, 0) for name in names)

    def page(_query: object) -> Page:
        return Page(b"", more=pieces())

    def whole(_query: object) -> Page:
        return Page(b"".join(pieces()))

    b"".join(pieces())
    ours = [asyncio.run(_longest_wait(page)) * 1000 for _ in range(runs)]
    other = [asyncio.run(_longest_wait(whole)) * 1000 for _ in range(runs)]
    name = f"the longest wait of a poll while {SERIES} series are scraped"
    yield row(name, "ms", ours, other, "the page in one piece", less_is_better=True)


async def _longest_wait(page: Route) -> float:
    """Of a poller that is due every millisecond, during ten scrapes."""
    waits: list[float] = []

    async def polls() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            waits.append(time.perf_counter() - began - 0.001)

    poller = asyncio.create_task(polls())
    await asyncio.sleep(0.01)
    waits.clear()
    for _ in range(10):
        await answer({"/metrics": page}, b"GET /metrics HTTP/1.1\r\n\r\n")
        await asyncio.sleep(0.002)
    poller.cancel()
    return max(waits)


def _family(name: str, turn: int) -> Family:
    return gauge(name, "A figure.", _LABELS, _rows(turn))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
