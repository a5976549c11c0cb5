"""What a decision changes about the open incidents (pure): open, join, leave, close; one incident a cause."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from monitor.health import State
from monitor.topology import Cause, Decision, Subject

_SETTLED = (State.UP, State.WEAK, State.DOWN, State.SHADOW)  # unknown settles nothing: an incident stays open over it


@dataclass(frozen=True)
class Incident:
    """An open incident as the store has it; ``members`` are those that have not left."""

    id: int
    cause: Cause
    members: frozenset[Subject]


@dataclass(frozen=True)
class Opened:
    cause: Cause
    evidence: str
    clients: int
    members: frozenset[Subject]


@dataclass(frozen=True)
class Joined:
    incident: int
    member: Subject


@dataclass(frozen=True)
class Left:
    incident: int
    member: Subject


@dataclass(frozen=True)
class Closed:
    incident: int


Change = Opened | Joined | Left | Closed


def changes(incidents: Iterable[Incident], decision: Decision, cut_off: Callable[[set[str]], int]) -> list[Change]:
    """``cut_off`` counts the clients at these nodes: those behind a new cause are counted with it, once."""
    known = {incident.cause: incident for incident in incidents}
    found: list[Change] = []
    for cause, incident in known.items():
        found += _goes_on(incident, decision) if cause in decision.darkened else _ends(incident, decision)
    for cause, members in decision.darkened.items():
        if cause not in known:
            why = decision.states[cause.kind, cause.subject].why
            found.append(Opened(cause, why, cut_off(decision.beyond[cause]), frozenset(members)))
    return found


def _goes_on(incident: Incident, decision: Decision) -> list[Change]:
    darkened = decision.darkened[incident.cause]
    joined: list[Change] = [Joined(incident.id, member) for member in sorted(darkened - incident.members)]
    gone = [member for member in sorted(incident.members - darkened) if _is_settled(member, decision)]
    return joined + [Left(incident.id, member) for member in gone]


def _ends(incident: Incident, decision: Decision) -> list[Change]:
    """Only when something is known again of its subject, or sites.yaml has it no more."""
    if not _is_settled((incident.cause.kind, incident.cause.subject), decision):
        return []
    return [*(Left(incident.id, member) for member in sorted(incident.members)), Closed(incident.id)]


def _is_settled(subject: Subject, decision: Decision) -> bool:
    verdict = decision.states.get(subject)
    return subject not in decision.waiting and (verdict is None or verdict.state in _SETTLED)
