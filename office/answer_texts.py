"""Answers that are needed again and again: which fit a complaint; one is edited before it is sent (pure)."""

from __future__ import annotations

from office.facts import Incident

KINDS = ("repaired", "known", "slow", "signal", "no-page", "limit", "hours", "elsewhere")


def fitting(incident: Incident | None) -> tuple[str, ...]:
    """All of them, with what the monitor knew first: nobody is told of a repair that was none."""
    if incident is None:
        return tuple(kind for kind in KINDS if kind not in ("repaired", "known"))
    first = "known" if incident.closed_at is None else "repaired"
    return (first, *(kind for kind in KINDS if kind not in ("repaired", "known")))


def chosen(word: str, fit: tuple[str, ...]) -> str:
    """What was asked for by the page's address, where it is one of ours."""
    return word if word in fit else ""
