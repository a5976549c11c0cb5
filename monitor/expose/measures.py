"""The monitor's own metric families (design section 5), built anew from the snapshot for each scrape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hotspot.sites import Sites
from monitor import history, strangers
from monitor.expose import devices, links
from monitor.expose.target import Target
from monitor.expose.writer import Family, gauge, histogram
from monitor.probes.echo import RoundTrips
from monitor.snapshot import Snapshot

CAUSES = (*history.CAUSES, "rogue-dhcp", *strangers.CAUSES)


def families(sites: Sites, watched: Sequence[Target], snapshot: Snapshot, now: float) -> Iterable[Family]:
    yield from devices.families(watched, snapshot, now)
    yield from links.families(sites, snapshot)


def incidents(snapshot: Snapshot, rogues: int) -> Family:
    """Every cause has a value, so that an alarm ends when its incident does."""
    counts = {**dict.fromkeys(CAUSES, 0), **snapshot.incidents_open, "rogue-dhcp": rogues}
    rows = [((cause,), float(count)) for cause, count in counts.items()]
    return gauge("hotspot_incidents_open", "Incidents that are going on, by root cause.", ("reason",), rows)


def round_trips(found: RoundTrips) -> Iterable[Family]:
    told = "All round trips of echoes since the monitor started."
    return histogram("hotspot_probe_round_trip_seconds", told, ("device",), found.rows())


def dropped(counts: Mapping[str, int]) -> Family:
    told = "Series that were left out at the last scrape, because their family is too large."
    return gauge("hotspot_series_dropped", told, ("reason",), (((name,), float(n)) for name, n in counts.items()))
