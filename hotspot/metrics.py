"""Prometheus metrics, the only file that imports prometheus_client.

Every process counts, one that serves sums. A service declares its metrics once and passes them around; several worker
processes share a folder of counter files. Labels come from design section 5 only; a MAC, phone, address, user or
session id is never one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client import values as value_kinds
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
Family = Metric  # one metric with all its rows
ALLOWED_LABELS = frozenset(
    ("site", "nas", "device", "port", "link", "kecamatan", "role", "ssid", "way", "result", "reason", "direction")
) | {"language", "code", "service"}
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_between_workers(folder: Path) -> None:
    """Call once, before any metric is made and any worker starts: counters go to files that any worker can sum."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[_FOLDER] = str(folder)
    # The library looked for the folder when it was imported, and did not find one then.
    value_kinds.ValueClass = value_kinds.get_value_class()  # type: ignore[no-untyped-call]


class Metrics:
    """One process's registry; :meth:`page` is the text that Prometheus scrapes."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._fresh: list[_Fresh] = []

    def counter(self, name: str, text: str, labels: Sequence[str] = ()) -> Counter:
        return Counter(name, text, checked_labels(labels), registry=self._registry)

    def histogram(self, name: str, text: str, labels: Sequence[str] = (), buckets: Sequence[float] = ()) -> Histogram:
        chosen = buckets or Histogram.DEFAULT_BUCKETS
        return Histogram(name, text, checked_labels(labels), registry=self._registry, buckets=chosen)

    def collect(self, families: Callable[[], Iterable[Metric]]) -> None:
        """Have families built anew on each scrape, by the process that serves it."""
        self._fresh.append(_Fresh(families))
        self._registry.register(self._fresh[-1])

    def watch_process(self) -> None:
        """This process's memory, processor time and open files, as every Prometheus client names them."""
        ProcessCollector(registry=self._registry)

    def page(self) -> bytes:
        if _FOLDER not in os.environ:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        for fresh in self._fresh:
            registry.register(fresh)
        return generate_latest(registry)


class _Fresh(Collector):
    def __init__(self, families: Callable[[], Iterable[Metric]]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families()

    def describe(self) -> Iterable[Metric]:
        return ()


def gauge(name: str, text: str, labels: Sequence[str], rows: Iterable[tuple[Sequence[str], float]]) -> Metric:
    """A gauge family from rows of label values and a value."""
    family = GaugeMetricFamily(name, text, labels=checked_labels(labels))
    for values, value in rows:
        family.add_metric(values, value)
    return family


def foreign(name: str, text: str, rows: Iterable[tuple[Mapping[str, str], float]]) -> Metric:
    """A family under another project's name and labels, for a page of its own (:func:`page_of`), never for ours.

    It is untyped, because the library would add ``_total`` to a counter's header and ``ifHCInOctets`` has none.
    """
    family = Metric(name, text, "unknown")
    for labels, value in rows:
        family.add_sample(name, dict(labels), value)
    return family


def page_of(families: Iterable[Metric]) -> bytes:
    """A page of these families alone."""
    registry = CollectorRegistry()
    registry.register(_Fresh(lambda: families))
    return generate_latest(registry)


def checked_labels(labels: Sequence[str]) -> Sequence[str]:
    """ValueError for a label that is not allowed."""
    if foreign := set(labels) - ALLOWED_LABELS:
        raise ValueError(f"labels {sorted(foreign)} are not among those that metrics may carry")
    return labels
