"""Several failures that are one cause (pure): a place without power, and a part of a ring that is dark as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.cause import SEEN, Cause, Decision
from monitor.health import State, Verdict
from monitor.topology import Subject, Tree

WINDOW = 90.0  # seconds in which everything at one place notices a power cut
NEWS = 60.0  # seconds for which a cut is worth a look round before it is told
_SILENT = (State.DOWN, State.SHADOW)
_PARTED = ("link-down", "device-down", "nas-down")


def sections(tree: Tree, decision: Decision) -> None:
    """All ways into a part of a ring that went dark at once: its power failed, or one trench held all its fibres.

    Only a ring has several ways in: a part of a tree hangs on one, and its cut is one cause already.
    """
    for part in _dark_parts(tree, decision):
        at = dict(_causes_at(tree, decision, part))
        if group := _at_once(decision, list(at)):
            ends = sorted({at[cause] for cause in group})
            section = Cause("section-dark", "section", ends[0])
            _join(decision, section, group, f"every way to {', '.join(ends)} went dark at once")
            links = {(cause.kind, cause.subject) for cause in group if cause.kind == "link"}
            for link in links:  # nobody knows whether the fibre is broken, or the device behind it without power
                decision.states[link] = replace(decision.states[link], state=State.SHADOW)


def wait_for_other_ways(tree: Tree, decision: Decision) -> None:
    """A cut with silence behind it, to which another way leads that was not looked at since: it may be dark as well."""
    for cause in [cause for cause in decision.darkened if cause.name == "link-down"]:
        dark = decision.states["link", cause.subject]
        if dark.answered_at - dark.at <= NEWS and any(
            _may_be_dark(decision, link, dark) for link in _others(tree, decision, cause)
        ):
            subjects = decision.darkened.pop(cause) | {("link", cause.subject)}
            del decision.beyond[cause]
            decision.waiting |= subjects
            for subject in subjects:
                decision.states.pop(subject, None)


def _others(tree: Tree, decision: Decision, cause: Cause) -> set[str]:
    """The links by which a way may lead from elsewhere to what is silent behind a cut."""
    edge, since = tree.links[cause.subject], decision.states["link", cause.subject].at
    part, queue = set[str](), [end for end in (edge.upper, edge.lower) if _is_silent(tree, decision, end, since)]
    while queue:
        node = queue.pop()
        part.add(node)
        near = {one.other(node) for one in tree.near.get(node, ())} - part
        queue += [other for other in near if _is_silent(tree, decision, other, since)]
    ways = (one for node in part for one in tree.above.get(node, ()) if one.other(node) not in part)
    return {one.link for one in ways if one.link} - {cause.subject}


def _is_silent(tree: Tree, decision: Decision, node: str, since: float) -> bool:
    """It is known to be, or has not said a word since."""
    subject = (tree.kinds[node], node)
    verdict = decision.states.get(subject)
    if verdict is None:
        return subject in decision.waiting
    said = verdict.answered_at if verdict.doubtful else verdict.at
    return verdict.state in _SILENT or (verdict.polled and said < since)


def _may_be_dark(decision: Decision, link: str, dark: Verdict) -> bool:
    verdict = decision.states.get(("link", link))
    if verdict is None:
        return ("link", link) in decision.waiting
    seen_since = verdict.state in SEEN and not verdict.doubtful and verdict.at >= dark.at
    return verdict.state is not State.DOWN and not seen_since


def power_cuts(tree: Tree, decision: Decision) -> None:
    """Neighbours without anything in common but their place, silent at the same time, have lost their power."""
    by_place: dict[Subject, list[Cause]] = {}
    for cause in decision.darkened:
        for place in tree.places.get(cause.subject, ()) if cause.kind in ("device", "nas") else ():
            by_place.setdefault(place, []).append(cause)
    for place, causes in sorted(by_place.items()):  # by the alphabet, districts come before sites
        group = _at_once(decision, [cause for cause in causes if cause in decision.darkened])
        for part in _by_site(tree, group):
            names = ", ".join(sorted(cause.subject for cause in part))
            _join(decision, Cause("power-cut", *_narrowest(tree, place, part)), part, f"{names} fell silent together")


def gathered(decision: Decision) -> Iterator[Subject]:
    """Those that are told as one whole, so that no alarm is theirs alone."""
    for cause, darkened in decision.darkened.items():
        yield from darkened if cause.name in ("power-cut", "section-dark") else ()


def _dark_parts(tree: Tree, decision: Decision) -> Iterator[set[str]]:
    """Nodes that are silent and hang together."""
    left = {n for n, kind in tree.kinds.items() if (v := decision.states.get((kind, n))) and v.state in _SILENT}
    while left:
        part, queue = set[str](), [left.pop()]
        while queue:
            node = queue.pop()
            part.add(node)
            near = {edge.other(node) for edge in tree.near.get(node, ())} & left
            left -= near
            queue += near
        yield part


def _causes_at(tree: Tree, decision: Decision, part: set[str]) -> Iterator[tuple[Cause, str]]:
    """The causes that hold a part in the dark, each with the node of the part that it is at."""
    for cause in decision.darkened:
        if cause.name not in _PARTED:
            continue
        edge = tree.links.get(cause.subject) if cause.kind == "link" else None
        ends = (edge.upper, edge.lower) if edge else (cause.subject,)
        yield from ((cause, end) for end in ends if end in part)


def _at_once(decision: Decision, causes: list[Cause]) -> list[Cause]:
    """The first that fell silent within one window, if they are several."""
    since = {cause: decision.states[cause.kind, cause.subject].at for cause in causes}
    ordered = sorted(causes, key=lambda cause: (since[cause], cause.subject))
    groups = ([other for other in ordered if 0 <= since[other] - since[first] <= WINDOW] for first in ordered)
    return next((group for group in groups if len(group) > 1), [])


def _by_site(tree: Tree, group: list[Cause]) -> list[list[Cause]]:
    """Sites of one district that each lost several neighbours at once are two power cuts; a lone one goes with all."""
    by_site: dict[Subject | None, list[Cause]] = {}
    for cause in group:
        site = next((place for place in tree.places[cause.subject] if place[0] == "site"), None)
        by_site.setdefault(site, []).append(cause)
    alone = None in by_site or any(len(part) < 2 for part in by_site.values())
    return [group] if group and alone else list(by_site.values())


def _narrowest(tree: Tree, place: Subject, group: list[Cause]) -> Subject:
    shared = set.intersection(*(set(tree.places[cause.subject]) for cause in group))
    return max(shared, default=place)  # a site after a district, by the alphabet


def _join(decision: Decision, whole: Cause, group: list[Cause], why: str) -> None:
    darkened = {member for cause in group for member in decision.darkened.pop(cause)}
    decision.darkened[whole] = darkened | {(cause.kind, cause.subject) for cause in group}
    decision.beyond[whole] = {node for cause in group for node in decision.beyond.pop(cause)}
    since = min(decision.states[cause.kind, cause.subject].at for cause in group)
    decision.states[whole.kind, whole.subject] = Verdict(State.DOWN, why, at=since)
