"""Announced work (pure): a window over a node, link, site or district covers everything that hangs below it too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.topology import Subject, Tree


@dataclass(frozen=True)
class Window:
    """``kind`` is device, nas, link or site (or district); ``reason`` and ``by`` say why and who announced it."""

    kind: str
    subject: str
    starts_at: float
    ends_at: float
    reason: str = ""
    by: str = ""

    def holds(self, at: float) -> bool:
        return self.starts_at <= at < self.ends_at


def maintained(tree: Tree, windows: Iterable[Window], at: float) -> dict[Subject, str]:
    """Everything that is under work at a moment, with the reason and the name."""
    found: dict[Subject, str] = {}
    for window in windows:
        if window.holds(at):
            note = ", ".join(word for word in (window.reason, window.by) if word) or "announced work"
            found |= dict.fromkeys(covered(tree, window), note)
    return found


def covered(tree: Tree, window: Window) -> set[Subject]:
    """The subject itself, and what no way reaches any more while it is away."""
    subject = (window.kind, window.subject)
    dead, links = _taken_away(tree, subject)
    away = (set(tree.kinds) - tree.reached(dead, links)) | dead
    cut = {link for link, edge in tree.links.items() if away & {edge.upper, edge.lower}} | links
    return {subject, *((tree.kinds[node], node) for node in away), *(("link", link) for link in cut)}


def _taken_away(tree: Tree, subject: Subject) -> tuple[set[str], set[str]]:
    kind, name = subject
    if kind == "link":
        return set(), {name} & set(tree.links)
    if kind in ("site", "district"):
        return {node for node, places in tree.places.items() if subject in places}, set()
    return {name} & set(tree.kinds), set()
