"""The declared network of sites.yaml as a graph with trees and rings (pure): who stands on the way to whom.

Only active links count. Nothing here is learned from the network: a device that hangs nowhere is judged by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from hotspot.sites import Sites

Subject = tuple[str, str]  # (device | nas | link, id), and (site | district | monitor, id) as the subject of a cause


@dataclass(frozen=True)
class Edge:
    """``lower`` is reached through ``upper``, over a link or without a declared one; in a ring also the other way."""

    upper: str
    lower: str
    link: str | None = None

    def other(self, node: str) -> str:
        return self.lower if node == self.upper else self.upper


@dataclass(frozen=True)
class Tree:
    """Nodes are devices and NASes by id, with their kind; ``places`` are the site and the district of each."""

    kinds: Mapping[str, str]
    roots: frozenset[str]
    edges: tuple[Edge, ...]
    places: Mapping[str, tuple[Subject, ...]] = field(default_factory=dict)

    @cached_property
    def near(self) -> dict[str, list[Edge]]:
        """The edges at each node."""
        return _grouped((end, edge) for edge in self.edges for end in (edge.upper, edge.lower))

    @cached_property
    def above(self) -> dict[str, list[Edge]]:
        """The edges over which a way from a root may come: their other end is reached without them."""
        way = {edge: self._without(edge) for edge in self.edges}
        return {node: [e for e in edges if e.other(node) in way[e]] for node, edges in self.near.items()}

    @cached_property
    def links(self) -> dict[str, Edge]:
        return {edge.link: edge for edge in self.edges if edge.link}

    def links_of(self, node: str) -> list[str]:
        return [edge.link for edge in self.near.get(node, ()) if edge.link]

    def ancestors(self, node: str) -> set[str]:
        """Everything that a way from a root to the node may pass."""
        return {edge.other(lower) for lower, edge in self._climb(node)} - {node}

    def links_above(self, node: str) -> set[str]:
        return {edge.link for _, edge in self._climb(node) if edge.link}

    def mates(self, node: str) -> set[str]:
        """Those at the same place that do not hang on the node: one power cut may take them all."""
        places = set(self.places.get(node, ()))
        near = {other for other, at in self.places.items() if places.intersection(at)} - {node}
        return {other for other in near if node not in self.ancestors(other)}

    def reached(self, dead: Collection[str], dead_links: Collection[str]) -> set[str]:
        """Nodes to which a way of living nodes and links leads; they themselves may be dead."""
        way = set(self.roots)
        queue = list(way)
        while queue:
            node = queue.pop()
            for edge in () if node in dead else self.near.get(node, ()):
                other = edge.other(node)
                if edge.link not in dead_links and other not in way:
                    way.add(other)
                    queue.append(other)
        return way

    def _without(self, edge: Edge) -> set[str]:
        way = set(self.roots)
        queue = list(way)
        while queue:
            node = queue.pop()
            for one in self.near.get(node, ()):
                if one is not edge and one.other(node) not in way:
                    way.add(one.other(node))
                    queue.append(one.other(node))
        return way

    def _climb(self, node: str) -> Iterator[tuple[str, Edge]]:
        """Each edge on the ways down to a node with its lower end, the nearest first."""
        seen, queue = {node}, [node]
        while queue:
            lower = queue.pop(0)
            for edge in self.above.get(lower, ()):
                yield lower, edge
                if edge.other(lower) not in seen:
                    seen.add(edge.other(lower))
                    queue.append(edge.other(lower))

    def nearest(self, node: str) -> Iterator[Edge]:
        """The edges on the ways down to a node, the nearest first."""
        return (edge for _, edge in self._climb(node))


def tree(sites: Sites) -> Tree:
    kinds = {device.id: "device" for device in sites.devices} | {nas.id: "nas" for nas in sites.nases}
    uplinks = [(device.id, device.uplink) for device in sites.devices] + [(nas.id, nas.uplink) for nas in sites.nases]
    edges = [Edge(x.a.device, x.b.device, x.id) for x in sites.links if x.status == "active" and x.a and x.b]
    joined = {frozenset((edge.upper, edge.lower)) for edge in edges}  # an uplink over a declared link is that link
    edges += [Edge(upper, lower) for lower, upper in uplinks if upper and frozenset((upper, lower)) not in joined]
    flagged = {device.id for device in sites.devices if device.root}
    return Tree(kinds, frozenset(_roots(kinds, edges, flagged)), tuple(edges), _places(sites))


def _roots(kinds: Iterable[str], edges: list[Edge], flagged: set[str]) -> set[str]:
    """Those that sites.yaml calls so; a part of the network without one begins at what hangs on nothing."""
    roots, hanging = set(flagged), {edge.lower for edge in edges}
    for node in sorted(kinds, key=lambda node: (node in hanging, node)):
        if node not in Tree({}, frozenset(roots), tuple(edges)).reached((), ()):
            roots.add(node)
    return roots


def _places(sites: Sites) -> dict[str, tuple[Subject, ...]]:
    found: dict[str, tuple[Subject, ...]] = {}
    codes = {device.id: device.kecamatan for device in sites.devices}
    for name, at in [(device.id, device.site) for device in sites.devices] + [
        (nas.id, nas.site) for nas in sites.nases
    ]:
        site = sites.site.get(at) if at else None
        places = (("site", site.id if site else None), ("district", site.kecamatan if site else codes.get(name)))
        found[name] = tuple((kind, place) for kind, place in places if place)
    return found


def _grouped(pairs: Iterable[tuple[str, Edge]]) -> dict[str, list[Edge]]:
    groups: dict[str, list[Edge]] = {}
    for key, edge in pairs:
        groups.setdefault(key, []).append(edge)
    return groups
