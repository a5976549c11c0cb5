"""The pages of the monitor's listener and what each is made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus

from hotspot.metrics import CONTENT_TYPE, Metrics, page_of
from hotspot.pages import Page, Query, Route, sentence
from hotspot.sites import Sites
from monitor.expose import compat, measures
from monitor.expose.explain import explain
from monitor.expose.target import Target, find, targets
from monitor.expose.writer import Family, Writer
from monitor.hearing import findings
from monitor.probes.echo import RoundTrips
from monitor.snapshot import Snapshot

_REFRESH = "60"


@dataclass(frozen=True)
class Pages:
    """``metrics`` is the monitor's registry: whoever has further figures (store gauges, traps) registers them there.

    ``rogues`` counts the open incidents that the snapshot does not know: foreign DHCP servers.
    """

    sites: Sites
    snapshot: Snapshot
    metrics: Metrics
    now: Callable[[], float]
    rogues: Callable[[], int] = int
    round_trips: RoundTrips = field(default_factory=RoundTrips)
    _writer: Writer = field(default_factory=Writer)

    @cached_property
    def watched(self) -> tuple[Target, ...]:
        return targets(self.sites)

    def routes(self) -> Mapping[str, Route]:
        """Each scrape of ``/metrics`` builds the snapshot's families anew."""
        return {
            "/-/healthy": lambda _query: Page(b"ok\n"),
            "/metrics": self.all_metrics,
            "/sd": self.discovery,
            "/snmp": self.snmp,
            "/explain": self.explain,
        }

    def all_metrics(self, _query: Query) -> Page:
        """A piece a family: a scrape of many series delays no poll."""
        return Page(b"", content_type=CONTENT_TYPE, more=self._pieces())

    def _pieces(self) -> Iterator[bytes]:
        yield from self._writer.pieces(self._families())
        yield self._writer.page([measures.dropped(self._writer.dropped)])
        yield self.metrics.page()

    def _families(self) -> Iterable[Family]:
        yield from measures.families(self.sites, self.watched, self.snapshot, self.now())
        yield measures.incidents(self.snapshot, self.rogues())
        yield from measures.round_trips(self.round_trips)

    def discovery(self, _query: Query) -> Page:
        """Prometheus http_sd: the whole list each time; a target's name is its id, so that no address is a label."""
        groups = [
            {
                "targets": [one.id],
                "labels": {
                    "__meta_hotspot_site": one.site,
                    "__meta_hotspot_kecamatan": one.kecamatan,
                    "__meta_hotspot_role": one.role,
                },
            }
            for one in self.watched
            if one.snmp
        ]
        body = json.dumps(groups, ensure_ascii=False).encode()
        headers = {"X-Prometheus-Refresh-Interval-Seconds": _REFRESH}
        return Page(body, content_type="application/json", headers=headers)

    def snmp(self, query: Query) -> Page:
        name = query.get("target", "")
        one = find(self.watched, name)
        if one is None:
            return self._unknown("target", name)
        polled = self.snapshot.polled.get(one.id)
        answers = polled.fresh(self.now(), self.snapshot.interval) if polled else None
        if polled is None or answers is None:
            why = polled.error if polled and polled.error else "it was not polled yet"
            return sentence(HTTPStatus.SERVICE_UNAVAILABLE, f"{one.id} has no fresh answers: {why}")
        return Page(page_of(compat.families(polled, answers)), content_type=CONTENT_TYPE)

    def explain(self, query: Query) -> Page:
        name = query.get("device", "")
        one = next((one for one in self.watched if one.id == name), None)
        if one is None:
            return self._unknown("device", name)
        told = explain(one, self.snapshot, self.now(), self.sites.timezone, findings(self.sites, self.snapshot))
        return Page(told.encode("utf-8", "replace"))

    @staticmethod
    def _unknown(parameter: str, name: str) -> Page:
        if not name:
            return sentence(HTTPStatus.BAD_REQUEST, f"Say which: ?{parameter}=<id of a device or NAS in sites.yaml>")
        return sentence(
            HTTPStatus.NOT_FOUND, f"{name[:64]!r} is not a watched device or NAS of sites.yaml; /sd lists them."
        )
