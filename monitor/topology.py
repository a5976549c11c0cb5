"""The declared tree of sites.yaml, and one decision for all at once (pure): who is a cause, who only in its shadow.

Only active links count. Nothing here is learned from the network: a device that hangs nowhere is judged by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from hotspot.sites import Sites
from monitor.health import State, Verdict

Subject = tuple[str, str]  # (device | nas | link, id)


@dataclass(frozen=True)
class Edge:
    """``lower`` is reached through ``upper``, over a link or without a declared one."""

    upper: str
    lower: str
    link: str | None = None


@dataclass(frozen=True)
class Cause:
    name: str  # link-down | device-down | nas-down | optics-weak
    kind: str
    subject: str


@dataclass(frozen=True)
class Tree:
    """Nodes are devices and NASes by id, with their kind; more than one edge above a node is redundancy."""

    kinds: Mapping[str, str]
    roots: frozenset[str]
    edges: tuple[Edge, ...]

    @cached_property
    def above(self) -> dict[str, list[Edge]]:
        return _grouped((edge.lower, edge) for edge in self.edges)

    @cached_property
    def below(self) -> dict[str, list[Edge]]:
        return _grouped((edge.upper, edge) for edge in self.edges)

    @cached_property
    def links(self) -> dict[str, Edge]:
        return {edge.link: edge for edge in self.edges if edge.link}

    def ancestors(self, node: str) -> set[str]:
        """Everything that a way from a root to the node may pass."""
        found: set[str] = set()
        queue = [node]
        while queue:
            for edge in self.above.get(queue.pop(), ()):
                if edge.upper not in found:
                    found.add(edge.upper)
                    queue.append(edge.upper)
        return found

    def reached(self, dead: set[str], dead_links: set[str]) -> set[str]:
        """Nodes to which a way of living nodes and links leads; they themselves may be dead."""
        way = set(self.roots)
        queue = list(way)
        while queue:
            node = queue.pop()
            for edge in () if node in dead else self.below.get(node, ()):
                if edge.link not in dead_links and edge.lower not in way:
                    way.add(edge.lower)
                    queue.append(edge.lower)
        return way


@dataclass(frozen=True)
class Decision:
    """``darkened`` of a cause are those in its shadow now; ``beyond`` also those that have not noticed yet.

    ``waiting`` keep the state that they had: something on the way to them has just not answered either.
    """

    states: dict[Subject, Verdict] = field(default_factory=dict)
    darkened: dict[Cause, set[Subject]] = field(default_factory=dict)
    beyond: dict[Cause, set[str]] = field(default_factory=dict)
    waiting: set[Subject] = field(default_factory=set)


def tree(sites: Sites) -> Tree:
    kinds = {device.id: "device" for device in sites.devices} | {nas.id: "nas" for nas in sites.nases}
    uplinks = [(device.id, device.uplink) for device in sites.devices] + [(nas.id, nas.uplink) for nas in sites.nases]
    edges = [Edge(upper, lower) for lower, upper in uplinks if upper]
    edges += [Edge(x.a.device, x.b.device, x.id) for x in sites.links if x.status == "active" and x.a and x.b]
    hanging = {edge.lower for edge in edges}
    roots = {device.id for device in sites.devices if device.root} | (set(kinds) - hanging)
    return Tree(kinds, frozenset(roots), tuple(edges))


def decide(tree: Tree, nodes: Mapping[str, Verdict], links: Mapping[str, Verdict]) -> Decision:
    """All states and causes of one moment."""
    dead = {node for node, verdict in nodes.items() if verdict.state is State.DOWN and not verdict.doubtful}
    dead_links = {link for link, verdict in links.items() if verdict.state is State.DOWN}
    way = tree.reached(dead, dead_links)
    decision = Decision()
    for node in way:
        _reached(tree, decision, way, nodes, node)
    for link, verdict in links.items():
        _link(tree, decision, way - dead, link, verdict)
    for node in set(nodes) - way:
        _behind(tree, decision, nodes[node], node)
    for link in links:
        _link_behind(tree, decision, link)
    return decision


def _reached(tree: Tree, decision: Decision, way: set[str], nodes: Mapping[str, Verdict], node: str) -> None:
    subject, verdict = (tree.kinds[node], node), nodes[node]
    if verdict.state is not State.DOWN or verdict.doubtful:
        decision.states[subject] = verdict
    elif _must_wait(tree, way, nodes, node):
        decision.waiting.add(subject)
    else:
        decision.states[subject] = verdict
        cause = Cause(f"{tree.kinds[node]}-down", *subject)
        decision.darkened[cause], decision.beyond[cause] = set(), {node}


def _behind(tree: Tree, decision: Decision, verdict: Verdict, node: str) -> None:
    """The way to it is down: it is in the shadow of what is nearest, unless it has answered since that is down."""
    subject, cause = (tree.kinds[node], node), _blame(tree, decision, node)
    if cause is None:
        decision.waiting.add(subject)
        return
    since = decision.states[cause.kind, cause.subject].at
    answered = verdict.state in (State.UP, State.WEAK) and not verdict.doubtful and verdict.at > since
    decision.states[subject] = verdict if answered else Verdict(State.SHADOW, "the way to it is down")
    decision.beyond[cause].add(node)
    if not answered:
        decision.darkened[cause].add(subject)


def _must_wait(tree: Tree, way: set[str], nodes: Mapping[str, Verdict], node: str) -> bool:
    """Something on the way to it has just not answered either: perhaps that is the cause."""
    uppers = [nodes[upper] for upper in tree.ancestors(node) if upper in way and upper in nodes]
    return any(verdict.doubtful for verdict in uppers)


def _link(tree: Tree, decision: Decision, living: set[str], link: str, verdict: Verdict) -> None:
    edge, subject = tree.links[link], ("link", link)
    cause = None
    if verdict.state is State.DOWN:
        cause = Cause("link-down", *subject) if living & {edge.upper, edge.lower} else None
        verdict = verdict if cause else Verdict(State.SHADOW, "the way to it is down")
    elif verdict.state is State.WEAK:
        cause = Cause("optics-weak", *subject)
    elif verdict.state is State.UNKNOWN and not {edge.upper, edge.lower} <= living:
        verdict = Verdict(State.SHADOW, "an end of it is down")
    decision.states[subject] = verdict
    if cause:
        decision.darkened[cause], decision.beyond[cause] = set(), set()


def _link_behind(tree: Tree, decision: Decision, link: str) -> None:
    edge, subject = tree.links[link], ("link", link)
    if decision.states[subject].state is not State.SHADOW:
        return
    for end in (edge.upper, edge.lower):
        own = Cause(f"{tree.kinds[end]}-down", tree.kinds[end], end)
        cause = own if own in decision.darkened else _blame(tree, decision, end)
        if cause:
            decision.darkened[cause].add(subject)
            return


def _blame(tree: Tree, decision: Decision, node: str) -> Cause | None:
    """The nearest cause above a node."""
    seen, queue = {node}, [node]
    while queue:
        for edge in sorted(tree.above.get(queue.pop(0), ()), key=lambda edge: edge.upper):
            kind = tree.kinds[edge.upper]
            for cause in (Cause("link-down", "link", edge.link or ""), Cause(f"{kind}-down", kind, edge.upper)):
                if cause in decision.darkened:
                    return cause
            if edge.upper not in seen:
                seen.add(edge.upper)
                queue.append(edge.upper)
    return None


def _grouped(pairs: Iterable[tuple[str, Edge]]) -> dict[str, list[Edge]]:
    groups: dict[str, list[Edge]] = {}
    for key, edge in pairs:
        groups.setdefault(key, []).append(edge)
    return groups
