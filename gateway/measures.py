"""What the door counts, for Prometheus; no label ever names a client."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hotspot.metrics import Family, Metrics, gauge


class Measures:
    """``results`` of logins: accepted, refused, let-through (RADIUS silent), silent, busy."""

    def __init__(
        self, metrics: Metrics, nas: str, site: str, online: Callable[[], int], waiting: Callable[[], int]
    ) -> None:
        self.page = metrics.page
        self._nas, self._site = nas, site
        self._logins = metrics.counter("hotspot_gateway_logins_total", "Logins by result", ("nas", "site", "result"))
        self._ends = metrics.counter("hotspot_gateway_ends_total", "Stays ended, by cause", ("nas", "site", "reason"))
        self._octets = metrics.counter(
            "hotspot_gateway_bytes_total", "Octets of layer 3, as the client sees them", ("nas", "site", "direction")
        )
        self._cycle = metrics.histogram(
            "hotspot_gateway_cycle_seconds", "Reading and judging everyone's counters", (), (0.005, 0.02, 0.1, 0.5, 2)
        )

        def families() -> Iterable[Family]:
            at = ((nas, site), float(online()))
            yield gauge("hotspot_gateway_online", "Clients online at this door", ("nas", "site"), [at])
            text = "Accounting reports that no server has acknowledged yet"
            yield gauge("hotspot_gateway_unacknowledged", text, ("nas",), [((nas,), float(waiting()))])

        metrics.collect(families)

    def login(self, result: str) -> None:
        self._logins.labels(self._nas, self._site, result).inc()

    def ended(self, cause: str) -> None:
        self._ends.labels(self._nas, self._site, cause).inc()

    def octets(self, upload: int, download: int) -> None:
        self._octets.labels(self._nas, self._site, "upload").inc(upload)
        self._octets.labels(self._nas, self._site, "download").inc(download)

    def cycled(self, seconds: float) -> None:
        self._cycle.observe(seconds)
