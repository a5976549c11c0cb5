"""The metric families of devices and NASes: reached or not and why, their polls, echoes and clients.

A figure that is older than 2.5 intervals is left out, so that Prometheus marks the series stale; whether a device is
up, and when it last answered, stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from monitor.engines import shared
from monitor.expose.target import Target
from monitor.expose.writer import Family, gauge
from monitor.snapshot import STALE_INTERVALS, Polled, Snapshot
from monitor.snmp.agent import Trouble

Rows = Iterator[tuple[Sequence[str], float]]
_UP = {"up": 1.0, "weak": 1.0, "down": 0.0, "shadow": 0.0}


def families(watched: Sequence[Target], snapshot: Snapshot, now: float) -> Iterable[Family]:
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
        "hotspot_poll_tables_stale",
        "Tables of the last complete poll that did not come to their end.",
        ("device",),
        _each(snapshot, lambda polled: float(len(polled.answers.stale)) if polled.answers else None),
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
