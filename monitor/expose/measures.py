"""The monitor's own metric families (design section 5), built anew from the snapshot for each scrape.

A figure that is older than 2.5 intervals is left out, so that Prometheus marks the series stale; whether a device is
up, and when it last answered, stay. A link that nobody can see now has no value: unknown is neither up nor down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from hotspot.sites import Sites
from monitor import history, strangers
from monitor.engines import shared
from monitor.expose.target import Target
from monitor.expose.writer import Family, gauge, histogram
from monitor.hearing import findings
from monitor.probes.echo import RoundTrips
from monitor.progress import progress
from monitor.snapshot import STALE_INTERVALS, LinkView, Polled, Snapshot
from monitor.snmp.agent import Trouble

CAUSES = (*history.CAUSES, "rogue-dhcp", *strangers.CAUSES)
_UP = {"up": 1.0, "weak": 1.0, "down": 0.0, "shadow": 0.0}

Rows = Iterator[tuple[Sequence[str], float]]


def families(sites: Sites, watched: Sequence[Target], snapshot: Snapshot, now: float) -> Iterable[Family]:
    yield from _of_devices(watched, snapshot, now)
    yield from _of_links(sites, snapshot)
    yield gauge("hotspot_districts", "Districts by how far their link is.", ("result",), _districts(sites))
    yield gauge(
        "hotspot_neighbour_difference",
        "1 for a port that hears another neighbour than sites.yaml declares, or none (LLDP, MNDP).",
        ("device", "port", "reason"),
        _differences(sites, snapshot),
    )


def _districts(sites: Sites) -> Rows:
    found = progress(sites)
    words = {"active": found.active, "building": found.building, "planned": found.planned, "none": found.none}
    return (((word,), float(len(codes))) for word, codes in words.items())


def _differences(sites: Sites, snapshot: Snapshot) -> Rows:
    found = {(one.device, one.port, one.what) for one in findings(sites, snapshot)}
    return ((labels, 1.0) for labels in sorted(found))


def incidents(snapshot: Snapshot, rogues: int) -> Family:
    """Every cause has a value, so that an alarm ends when its incident does."""
    counts = {**dict.fromkeys(CAUSES, 0), **snapshot.incidents_open, "rogue-dhcp": rogues}
    rows = [((cause,), float(count)) for cause, count in counts.items()]
    return gauge("hotspot_incidents_open", "Incidents that are going on, by root cause.", ("reason",), rows)


def _of_devices(watched: Sequence[Target], snapshot: Snapshot, now: float) -> Iterable[Family]:
    place = ("device", "site", "role", "kecamatan")
    yield gauge("hotspot_device_up", "1 while a device or NAS is reached.", place, _up(watched, snapshot))
    yield gauge(
        "hotspot_device_shadow",
        "1 while a device or NAS is not reached because something nearer is down, or all of its place.",
        ("device",),
        _shadow(watched, snapshot),
    )
    yield gauge(
        "hotspot_device_maintenance",
        "1 while announced work covers a device or NAS.",
        ("device",),
        (((one.id,), float((one.kind, one.id) in snapshot.maintained)) for one in watched),
    )
    yield gauge(
        "hotspot_device_last_success_timestamp_seconds",
        "When a device or NAS last answered completely.",
        ("device",),
        _each(snapshot, lambda polled: polled.last_success_at),
    )
    yield gauge(
        "hotspot_poll_seconds",
        "What the last poll of a device or NAS took.",
        ("device",),
        _each(snapshot, lambda polled: polled.seconds if _recent(polled, snapshot, now) else None),
    )
    yield gauge(
        "hotspot_device_fault",
        "1 while a device's SNMP agent is at fault: its v3 clock, or an engine id that another device has too.",
        ("device", "reason"),
        _faults(watched, snapshot),
    )
    yield from _probes(snapshot, now)
    yield gauge(
        "hotspot_ap_clients",
        "Clients on a wireless network of an access point.",
        ("device", "site", "ssid"),
        _clients(watched, snapshot, now),
    )


def round_trips(found: RoundTrips) -> Iterable[Family]:
    told = "All round trips of echoes since the monitor started."
    return histogram("hotspot_probe_round_trip_seconds", told, ("device",), found.rows())


def dropped(counts: Mapping[str, int]) -> Family:
    told = "Series that were left out at the last scrape, because their family is too large."
    return gauge("hotspot_series_dropped", told, ("reason",), (((name,), float(n)) for name, n in counts.items()))


def _probes(snapshot: Snapshot, now: float) -> Iterable[Family]:
    def last(what: str) -> Callable[[Polled], float | None]:
        return lambda polled: next((r.value for r in polled.probes if r.what == what), None)

    def recent(value: Callable[[Polled], float | None]) -> Rows:
        return _each(snapshot, lambda polled: value(polled) if _recent(polled, snapshot, now) else None)

    yield gauge("hotspot_probe_rtt_seconds", "Median round trip of the last echoes.", ("device",), recent(last("rtt")))
    yield gauge(
        "hotspot_probe_loss_ratio", "Share of the last echoes that was lost.", ("device",), recent(last("loss"))
    )
    yield gauge(
        "hotspot_probe_jitter_seconds",
        "Mean difference between neighbours of the last echoes.",
        ("device",),
        recent(last("jitter")),
    )


def _of_links(sites: Sites, snapshot: Snapshot) -> Iterable[Family]:
    views = sorted(snapshot.links.values(), key=lambda view: view.id)
    yield gauge("hotspot_link_up", "1 while an active link carries.", ("link", "kecamatan"), _link_up(sites, views))
    yield gauge(
        "hotspot_link_maintenance",
        "1 while announced work covers an active link.",
        ("link",),
        (((view.id,), float(("link", view.id) in snapshot.maintained)) for view in views),
    )
    yield gauge(
        "hotspot_link_objective_ratio",
        "The share of time that a link has to carry by its contract.",
        ("link",),
        (((link.id,), link.sla / 100) for link in sites.links if link.sla and link.status == "active"),
    )
    yield gauge(
        "hotspot_link_rx_power_dbm",
        "Optical power that an end of a link receives.",
        ("link", "device", "port"),
        (
            ((view.id, end.device, end.port), end.rx_dbm)
            for view in views
            for end in (view.a, view.b)
            if end.rx_dbm is not None
        ),
    )
    yield gauge(
        "hotspot_link_loss_db",
        "What the far end sends less what this device receives, in dB.",
        ("link", "device"),
        (((view.id, receiver), loss) for view in views for receiver, loss in view.loss_db.items()),
    )


def _up(watched: Sequence[Target], snapshot: Snapshot) -> Rows:
    for one in watched:
        value = _UP.get(snapshot.states.get((one.kind, one.id), "unknown"))
        if value is not None:
            yield (one.id, one.site, one.role, one.kecamatan), value


def _shadow(watched: Sequence[Target], snapshot: Snapshot) -> Rows:
    for one in watched:
        state = snapshot.states.get((one.kind, one.id), "unknown")
        if state in _UP:
            yield (one.id,), float(state == "shadow" or (one.kind, one.id) in snapshot.gathered)


def _faults(watched: Sequence[Target], snapshot: Snapshot) -> Rows:
    """An engine id matters to those that are asked by v3."""
    double = shared(snapshot.polled.values())
    for one in watched:
        polled = snapshot.polled.get(one.id)
        if polled and one.version:
            yield (one.id, "clock"), float(polled.trouble == Trouble.CLOCK)
            yield (one.id, "engine-id"), float(one.version == "3" and one.id in double)


def _each(snapshot: Snapshot, value: Callable[[Polled], float | None]) -> Rows:
    for polled in snapshot.polled.values():
        found = value(polled)
        if found is not None:
            yield (polled.id,), found


def _recent(polled: Polled, snapshot: Snapshot, now: float) -> bool:
    return polled.tried_at is not None and now - polled.tried_at <= STALE_INTERVALS * snapshot.interval


def _clients(watched: Sequence[Target], snapshot: Snapshot, now: float) -> Rows:
    site = {one.id: one.site for one in watched}
    for device, ssid, clients in snapshot.clients(now):
        yield (device, site.get(device, ""), ssid), clients


def _link_up(sites: Sites, views: Iterable[LinkView]) -> Rows:
    for view in views:
        code = sites.link[view.id].kecamatan or ""
        if view.state in ("up", "weak", "down"):
            yield (view.id, sites.kecamatan_name.get(code, code)), _UP[view.state]
