"""What kind of thing broke, and by what evidence (pure): fibre, power, device, maintenance, or not known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from monitor.cause import SEEN, Cause
from monitor.health import Verdict
from monitor.topology import Tree

Kind = Literal["fibre", "power", "device", "maintenance", "unknown"]


@dataclass(frozen=True)
class Grade:
    """``evidence`` is for people who repair: what was seen, in one clause."""

    cause: Kind = "unknown"
    evidence: str = ""

    def outweighs(self, before: Grade) -> bool:
        """Evidence that came later may be better than none; a maintenance counts as long as it lasts."""
        return "maintenance" in (self.cause, before.cause) or before.cause == "unknown"


@dataclass(frozen=True)
class Evidence:
    """What is known beside the states. ``on_battery``: nodes at places whose UPS runs on its battery.

    ``faded``: links whose light had fallen before. ``booted``: when a node that answers has started.
    ``unwanted``: links of which somebody has switched a port off. ``maintained``: subjects under announced work.
    ``gasped`` and ``lightless``: nodes of whose ONU an OLT says that its power, or its light, failed.
    """

    nodes: Mapping[str, Verdict]
    links: Mapping[str, Verdict] = field(default_factory=dict)
    on_battery: Collection[str] = ()
    faded: Mapping[str, str] | None = None
    booted: Mapping[str, float] = field(default_factory=dict)
    unwanted: Collection[str] = ()
    gasped: Collection[str] = ()
    lightless: Collection[str] = ()
    maintained: Mapping[tuple[str, str], str] | None = None


def grade(tree: Tree, cause: Cause, evidence: Evidence, since: float) -> Grade:
    """``since``: what has started after that was without power, or had been switched off and on."""
    if note := (evidence.maintained or {}).get((cause.kind, cause.subject)):
        return Grade("maintenance", note)
    if cause.name == "power-cut":
        return Grade("power", "several devices of one place fell silent together")
    if cause.kind == "section":
        return _of_section(cause.subject, evidence, since)
    if cause.kind == "link":
        return _of_link(tree, cause, evidence, since)
    if cause.kind in ("device", "nas"):
        return _of_node(tree, cause.subject, evidence, since)
    return Grade()


def _of_link(tree: Tree, cause: Cause, evidence: Evidence, since: float) -> Grade:
    edge = tree.links[cause.subject]
    ends = [evidence.nodes.get(end) for end in (edge.upper, edge.lower)]
    faded = (evidence.faded or {}).get(cause.subject)
    if cause.subject in evidence.unwanted:
        return Grade("device", "somebody has switched a port of it off")
    if {edge.upper, edge.lower} & set(evidence.on_battery):
        return Grade("power", "the UPS at one end runs on its battery")
    if told := _by_olt({edge.upper, edge.lower}, evidence):
        return told
    if any(evidence.booted.get(end, 0.0) > since for end in (edge.upper, edge.lower)):
        return Grade("power", "the device at one end has started anew")
    if cause.name == "optics-weak" or faded:
        return Grade("fibre", faded or "less light arrives than should")
    dark = evidence.links[cause.subject].at if cause.subject in evidence.links else since
    if all(end is not None and end.state in SEEN and not end.doubtful and end.at > dark for end in ends):
        return Grade("fibre", "the devices at both ends have power and answer")
    return Grade("unknown", "the far end is silent: a cut fibre or a device without power look alike from here")


def _of_section(node: str, evidence: Evidence, since: float) -> Grade:
    """``node`` stands for all of it; what it says when it is back tells which of the two it was."""
    if told := _by_itself(node, evidence, since):
        return told
    back = evidence.nodes.get(node)
    if back and back.state in SEEN and not back.doubtful and back.at > since and node in evidence.booted:
        return Grade("fibre", "its devices ran on while no way led to them")
    return Grade("unknown", "its power failed, or one trench held all its fibres: both look alike from here")


def _by_itself(node: str, evidence: Evidence, since: float) -> Grade | None:
    """What its battery, its OLT and its clock tell, whatever it is a part of."""
    if node in evidence.on_battery:
        return Grade("power", "the UPS at its place runs on its battery")
    if told := _by_olt({node}, evidence):
        return told
    if evidence.booted.get(node, 0.0) > since:
        return Grade("power", "it has started anew")
    return None


def _by_olt(nodes: set[str], evidence: Evidence) -> Grade | None:
    """A dying gasp outweighs the dark that follows it."""
    if nodes & set(evidence.gasped):
        return Grade("power", "its OLT heard a dying gasp: the power failed there")
    if nodes & set(evidence.lightless):
        return Grade("fibre", "its OLT says that no light comes, and heard no dying gasp")
    return None


def _of_node(tree: Tree, node: str, evidence: Evidence, since: float) -> Grade:
    links = tree.links_of(node)
    if told := _by_itself(node, evidence, since):
        return told
    if len(links) > 1 and evidence.nodes[node].at:
        return Grade("power", f"its {len(links)} links went dark when it fell silent")
    return Grade("unknown", "it does not answer; what hangs beside it does")
