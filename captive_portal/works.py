"""Announced work that a place's visitors may feel: on it, on its NAS, or on the way from there (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hotspot.sites import Sites

Subject = tuple[str, str]  # kind and id
SOON = 2 * 3600  # seconds before it begins in which a visitor is told


@dataclass(frozen=True)
class Work:
    """``began`` is False while it is to come."""

    began: bool
    begins_at: int
    ends_at: int


def on_the_way(sites: Sites, site: str) -> frozenset[Subject]:
    """Everything at which work may cut the place off, as ``maintenances`` names it.

    Where a ring has another way round, work on this one is told all the same.
    """
    nases = [nas.id for nas in sites.nases if nas.site == site]
    found: set[Subject] = {("site", site), *(("nas", nas) for nas in nases)}
    waiting = [*nases]
    while waiting:
        for subject in _above(sites, waiting.pop()):
            if subject not in found:
                found.add(subject)
                waiting += [subject[1]] if subject[0] == "device" else []
    return frozenset(found)


def next_of(works: Iterable[tuple[str, str, int, int]], touched: frozenset[Subject], now: float) -> Work | None:
    """What goes on and lasts longest, or begins first."""
    mine = [Work(begin <= now, begin, end) for kind, subject, begin, end in works if (kind, subject) in touched]
    going = [one for one in mine if one.began]
    return max(going, key=lambda one: one.ends_at) if going else min(mine, key=lambda one: one.begins_at, default=None)


def _above(sites: Sites, node: str) -> Iterator[Subject]:
    """What a node is reached through: its uplink, and the links to it with their nearer ends."""
    uplinks = {nas.id: nas.uplink for nas in sites.nases} | {device.id: device.uplink for device in sites.devices}
    if uplink := uplinks.get(node):
        yield "device", uplink
    for link in sites.links:
        if link.status == "active" and link.a and link.b and link.b.device == node:
            yield "link", link.id
            yield "device", link.a.device
