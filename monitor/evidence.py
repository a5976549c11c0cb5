"""Gathers from the polls what speaks for one cause or another (pure): batteries, restarts, switched-off ports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from monitor import grade as grading
from monitor.cause import Cause
from monitor.grade import Evidence, Grade
from monitor.health import State, Verdict
from monitor.kinds.units import LIGHT_LOST, POWER_LOST
from monitor.snapshot import Polled, Snapshot
from monitor.topology import Subject, Tree

BATTERY_SECONDS = 180.0  # upsTrapOnBattery comes again every minute while it lasts
LIGHT_SECONDS = 86_400.0  # that a warning of little light speaks for the fibre when the link breaks
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
    *,
    faded: Callable[[tuple[str, str]], str],
    now: float = 0.0,
) -> Gathered:
    """``faded`` says of a device's port how its light had fallen, or nothing."""
    battery, warned = _hints(snapshot, "battery", now - BATTERY_SECONDS), _hints(snapshot, "light", now - LIGHT_SECONDS)
    polled = {name: one for name, one in snapshot.polled.items() if one.answers and not one.missed}
    evidence = Evidence(
        nodes=nodes,
        links=links,
        on_battery=frozenset(_on_battery(tree, polled, {device for device, _ in battery})),
        faded=dict(_faded(snapshot, links, lambda end: faded(end) or warned.get(end, ""))),
        gasped=frozenset(_lost(tree, snapshot, polled, POWER_LOST)),
        lightless=frozenset(_lost(tree, snapshot, polled, LIGHT_LOST)),
        booted={
            name: one.answers.at - up
            for name, one in polled.items()
            if one.answers and (up := _uptime(one)) is not None
        },
        unwanted=frozenset(link for link in links if _is_unwanted(tree, polled, snapshot, link)),
        maintained=maintained,
    )
    return Gathered(tree, evidence)


def _hints(snapshot: Snapshot, says: str, since: float) -> dict[tuple[str, str], str]:
    """By device and port; a trap is a hint, because whoever can send in a device's name can send one."""
    found = [(device, port) for (device, what, port), at in snapshot.hints.items() if what == says and at >= since]
    return {(device, port): f"a trap of {device} had warned of too little light at {port}" for device, port in found}


def _on_battery(tree: Tree, polled: Mapping[str, Polled], said: set[str]) -> Iterator[str]:
    """``said``: those of which a trap said so."""
    for name in said & set(tree.kinds):
        yield name
        yield from tree.mates(name)
    for name, one in polled.items():
        if one.answers and (
            one.answers.scalars.get("upsOutputSource") == _ON_BATTERY or (one.answers.reading("on-battery") or 0) > 0
        ):
            yield name
            yield from tree.mates(name)


def _faded(
    snapshot: Snapshot, links: Mapping[str, Verdict], faded: Callable[[tuple[str, str]], str]
) -> Iterator[tuple[str, str]]:
    for link, verdict in links.items():
        view = snapshot.links.get(link) if verdict.state is State.DOWN else None
        told = [faded((end.device, end.port)) for end in (view.a, view.b)] if view else []
        if any(told):
            yield link, "; ".join(word for word in told if word)


def _lost(tree: Tree, snapshot: Snapshot, polled: Mapping[str, Polled], why: str) -> Iterator[str]:
    """Nodes whose ONU went for this reason: the node of its name, or the far end of a link on its port of the OLT."""
    for name, one in polled.items():
        for reading in one.answers.readings if one.answers else ():
            if reading.what == "onu-up" and reading.error == why:
                yield from {reading.port} & set(tree.kinds)
                yield from _behind_port(snapshot, name, reading.port)


def _behind_port(snapshot: Snapshot, device: str, port: str) -> Iterator[str]:
    for view in snapshot.links.values():
        for near, far in ((view.a, view.b), (view.b, view.a)):
            if (near.device, near.port) == (device, port):
                yield far.device


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
