"""The metric families of links and of the declared network: what carries, how much light, where a cable differs.

A link that nobody can see now has no value: unknown is neither up nor down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hotspot.sites import Sites
from monitor.expose.writer import Family, gauge
from monitor.hearing import findings
from monitor.progress import progress
from monitor.snapshot import LinkView, Snapshot

Rows = Iterator[tuple[Sequence[str], float]]
_UP = {"up": 1.0, "weak": 1.0, "down": 0.0}


def families(sites: Sites, snapshot: Snapshot) -> Iterable[Family]:
    yield from _of_links(sites, snapshot)
    yield gauge("hotspot_districts", "Districts by how far their link is.", ("result",), _districts(sites))
    yield gauge(
        "hotspot_neighbour_difference",
        "1 for a port that hears another neighbour than sites.yaml declares, or none (LLDP, MNDP).",
        ("device", "port", "reason"),
        _differences(sites, snapshot),
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


def _link_up(sites: Sites, views: Iterable[LinkView]) -> Rows:
    for view in views:
        code = sites.link[view.id].kecamatan or ""
        if view.state in _UP:
            yield (view.id, sites.kecamatan_name.get(code, code)), _UP[view.state]


def _districts(sites: Sites) -> Rows:
    found = progress(sites)
    words = {"active": found.active, "building": found.building, "planned": found.planned, "none": found.none}
    return (((word,), float(len(codes))) for word, codes in words.items())


def _differences(sites: Sites, snapshot: Snapshot) -> Rows:
    found = {(one.device, one.port, one.what) for one in findings(sites, snapshot)}
    return ((labels, 1.0) for labels in sorted(found))
