"""Gathers from the polls what speaks for one cause or another (pure): batteries, restarts, switched-off ports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor import grade as grading
from monitor.decision import Cause
from monitor.grade import Evidence, Grade
from monitor.health import Verdict
from monitor.snapshot import Polled, Snapshot
from monitor.topology import Subject, Tree

_ON_BATTERY = 5  # upsOutputSource battery(5), UPS-MIB (RFC 1628)


@dataclass(frozen=True)
class Gathered:
    tree: Tree
    evidence: Evidence

    def grade(self, cause: Cause, since: float) -> Grade:
        return grading.grade(self.tree, cause, self.evidence, since)


def gather(
    tree: Tree,
    snapshot: Snapshot,
    nodes: Mapping[str, Verdict],
    links: Mapping[str, Verdict],
    maintained: Mapping[Subject, str],
) -> Gathered:
    polled = {name: one for name, one in snapshot.polled.items() if one.answers and not one.missed}
    evidence = Evidence(
        nodes=nodes,
        links=links,
        on_battery=frozenset(_on_battery(tree, polled)),
        booted={
            name: one.answers.at - up
            for name, one in polled.items()
            if one.answers and (up := _uptime(one)) is not None
        },
        unwanted=frozenset(link for link in links if _is_unwanted(tree, polled, snapshot, link)),
        maintained=maintained,
    )
    return Gathered(tree, evidence)


def _on_battery(tree: Tree, polled: Mapping[str, Polled]) -> Iterator[str]:
    for name, one in polled.items():
        if one.answers and one.answers.scalars.get("upsOutputSource") == _ON_BATTERY:
            yield name
            yield from tree.mates(name)


def _uptime(one: Polled) -> float | None:
    return one.answers.reading("uptime") if one.answers else None


def _is_unwanted(tree: Tree, polled: Mapping[str, Polled], snapshot: Snapshot, link: str) -> bool:
    view, edge = snapshot.links.get(link), tree.links[link]
    for end in (view.a, view.b) if view else ():
        answers = (
            polled[end.device].answers if end.device in polled and end.device in (edge.upper, edge.lower) else None
        )
        port = answers.port(end.port) if answers else None
        if port and not port.is_wanted:
            return True
    return False
