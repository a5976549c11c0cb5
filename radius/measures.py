"""What RADIUS counts, named as design section 5 fixes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from hotspot.metrics import Metrics
from radius.ledger import Booked

_Labels = tuple[str, str, str]
_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Measures:
    """The counters of one process; safe from the loop and from the writing thread.

    Packets and logins are summed up until :meth:`settle`: a counter has a lock, which costs more than its packet's
    password. The loop settles at the end of each wake-up.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._page = metrics.page
        self.collect = metrics.collect
        self._logins = metrics.counter(
            "hotspot_logins_total", "Logins decided, by the reason they were refused for", ("site", "way", "result")
        )
        self._requests = metrics.counter(
            "hotspot_radius_requests_total", "RADIUS packets received", ("nas", "code", "result")
        )
        self._decided: defaultdict[_Labels, int] = defaultdict(int)
        self._packets: defaultdict[_Labels, int] = defaultdict(int)
        self._waits: dict[str, Callable[[float], None]] = {}
        self._request_seconds = metrics.histogram(
            "hotspot_radius_request_seconds", "From a packet's arrival to its reply", ("code",), _SECONDS
        )
        self._commit_seconds = metrics.histogram(
            "hotspot_radius_commit_seconds", "One transaction of a batch of packets", (), _SECONDS
        )
        self._octets = metrics.counter(
            "hotspot_session_bytes_total", "Octets booked, as the client sees them", ("site", "direction")
        )
        self._unknown = metrics.counter(
            "hotspot_radius_unknown_sessions_total", "Sessions reported that rest on no grant of ours", ("nas",)
        )
        self._wishes = metrics.counter(
            "hotspot_radius_wishes_total",
            "Sessions wished to be ended or limited, by what came of it",
            ("nas", "reason", "result"),
        )
        self._reloads = metrics.counter(
            "hotspot_radius_reloads_total", "Readings of a changed configuration", ("result",)
        )
        self._kept = metrics.counter(
            "hotspot_radius_journal_records_total", "Reports kept in the journal, and applied from it", ("result",)
        )

    def page(self) -> bytes:
        self.settle()
        return self._page()

    def settle(self) -> None:
        for counter, sums in ((self._logins, self._decided), (self._requests, self._packets)):
            for labels, number in sums.items():
                counter.labels(*labels).inc(number)
            sums.clear()

    def wished(self, nas: str, reason: str, result: str) -> None:
        self._wishes.labels(nas, reason, result).inc()

    def reloaded(self, result: str) -> None:
        self._reloads.labels(result).inc()

    def journaled(self, count: int) -> None:
        self._kept.labels("kept").inc(count)

    def replayed(self, count: int) -> None:
        self._kept.labels("applied").inc(count)

    def login(self, site: str, way: str | None, result: str) -> None:
        self._decided[site, way or "none", result] += 1

    def packet(self, nas: str, code: str, result: str) -> None:
        self._packets[nas, code, result] += 1

    def answered(self, code: str, seconds: float) -> None:
        if (observe := self._waits.get(code)) is None:
            observe = self._waits[code] = self._request_seconds.labels(code).observe
        observe(seconds)

    def committed(self, seconds: float, booked: Booked) -> None:
        self._commit_seconds.observe(seconds)
        for nas, count in booked.unknown.items():
            self._unknown.labels(nas).inc(count)
        for direction, octets in (("upload", booked.upload), ("download", booked.download)):
            for site, count in octets.items():
                self._octets.labels(site, direction).inc(count)
