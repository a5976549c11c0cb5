"""What a decision changes about the incidents (pure): open, turn, join, leave, close, open again; one a cause."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from monitor.cause import MONITOR, SEEN, Cause, Decision
from monitor.grade import Grade
from monitor.health import State
from monitor.topology import Subject

REOPEN = 600.0  # seconds after its end in which the same cause opens the same incident again
RECENT = 240.0  # seconds in which a first judgement may still turn out to be the shadow of something else
_KNOWN = (State.UP, State.WEAK, State.DOWN, State.SHADOW)
_PLACES = ("site", "district", "section")


@dataclass(frozen=True)
class Incident:
    """One that is open, or that closed lately; ``members`` are those that have not left."""

    id: int
    cause: Cause
    members: frozenset[Subject]
    opened_at: float = 0.0
    closed_at: float | None = None
    grade: Grade = field(default_factory=Grade)

    @property
    def subject(self) -> Subject:
        return self.cause.kind, self.cause.subject


@dataclass(frozen=True)
class Opened:
    cause: Cause
    evidence: str
    clients: int
    members: frozenset[Subject]
    grade: Grade = field(default_factory=Grade)


@dataclass(frozen=True)
class Turned:
    """The same incident with a better name for its cause, or an ended one that is open again; it began at ``since``."""

    incident: int
    cause: Cause
    evidence: str
    clients: int
    grade: Grade = field(default_factory=Grade)
    since: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Graded:
    incident: int
    grade: Grade


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
    """``was``: what there is to say about an end."""

    incident: int
    was: Incident | None = field(default=None, compare=False)


Change = Opened | Turned | Graded | Joined | Left | Closed


def _nobody(_nodes: set[str]) -> int:
    return 0


def _never(_subject: Subject) -> bool:
    return False


def _ungraded(_cause: Cause, _since: float) -> Grade:
    return Grade()


@dataclass(frozen=True)
class Judgement:
    """``cut_off`` counts the clients at these nodes; ``held``: a subject whose return is not believed yet.

    ``graded`` says what kind of thing a cause that is known since then is.
    """

    decision: Decision
    now: float = 0.0
    cut_off: Callable[[set[str]], int] = _nobody
    held: Callable[[Subject], bool] = _never
    graded: Callable[[Cause, float], Grade] = _ungraded


def changes(incidents: Iterable[Incident], judgement: Judgement) -> list[Change]:
    """Those behind a new cause are counted with it, once."""
    return _Changes(list(incidents), judgement).all()


class _Changes:
    def __init__(self, incidents: list[Incident], judgement: Judgement) -> None:
        self.judgement, self.decision = judgement, judgement.decision
        self.open = [incident for incident in incidents if incident.closed_at is None]
        self.ended = [incident for incident in incidents if incident.closed_at is not None]
        self.new = {(cause.kind, cause.subject): cause for cause in self.decision.darkened}
        self.found: list[Change] = []

    def all(self) -> list[Change]:
        known = [(incident, self.new.pop(incident.subject, None)) for incident in self.open]
        for incident, cause in known:
            if cause:
                self._goes_on(incident, cause)
        for incident, cause in known:
            if cause is None:
                self._without_cause(incident)
        for cause in self.new.values():
            self._begins(cause)
        return self.found

    def _goes_on(self, incident: Incident, cause: Cause) -> None:
        if cause != incident.cause:
            self._turn(incident, cause)
        else:
            self._grade(incident, cause)
        darkened = set(self.decision.darkened[cause])
        for other in self._left_of(incident) if incident.cause.kind in _PLACES else ():
            darkened |= self._taken(other)
        self._members(incident, darkened)

    def _without_cause(self, incident: Incident) -> None:
        own = self._left_of(incident)
        if incident.cause.kind in _PLACES and own:  # not everything that it took is back
            darkened = {subject for cause in own for subject in self._taken(cause)}
            self._members(incident, darkened)
            return
        fresh = self.judgement.now - incident.opened_at <= RECENT
        if fresh and (nearer := self._nearer(incident)):
            self._take(nearer)
            self._turn(incident, nearer)
            self._members(incident, self.decision.darkened[nearer])
        elif self._is_over(incident, fresh=fresh):
            self._grade(incident, incident.cause)  # what has started anew meanwhile says what it was
            self.found += [
                *(Left(incident.id, member) for member in sorted(incident.members)),
                Closed(incident.id, incident),
            ]

    def _left_of(self, incident: Incident) -> list[Cause]:
        return [cause for subject, cause in self.new.items() if self._is_left_of(incident, subject, cause)]

    def _is_left_of(self, incident: Incident, subject: Subject, cause: Cause) -> bool:
        whole = cause.kind in _PLACES and self.decision.darkened[cause] <= incident.members
        return whole or subject in incident.members

    def _begins(self, cause: Cause) -> None:
        darkened = self.decision.darkened[cause]
        for incident in reversed(self.ended):
            since = self.judgement.now - (incident.closed_at or 0.0)
            if incident.subject == (cause.kind, cause.subject) and since <= REOPEN:
                self._turn(incident, cause)
                self._members(incident, darkened)
                return
        clients = self.judgement.cut_off(self.decision.beyond[cause])
        grade = self.judgement.graded(cause, self.judgement.now)
        self.found.append(Opened(cause, self._why(cause), clients, frozenset(darkened), grade))

    def _turn(self, incident: Incident, cause: Cause) -> None:
        clients = self.judgement.cut_off(self.decision.beyond[cause])
        grade = self.judgement.graded(cause, incident.opened_at)
        self.found.append(Turned(incident.id, cause, self._why(cause), clients, grade, incident.opened_at))

    def _grade(self, incident: Incident, cause: Cause) -> None:
        """What is known is not forgotten, except that a maintenance is over."""
        grade = self.judgement.graded(cause, incident.opened_at)
        if grade.cause != incident.grade.cause and grade.outweighs(incident.grade):
            self.found.append(Graded(incident.id, grade))

    def _members(self, incident: Incident, darkened: set[Subject]) -> None:
        self.found += [Joined(incident.id, member) for member in sorted(darkened - incident.members)]
        gone = sorted(incident.members - darkened)
        self.found += [Left(incident.id, member) for member in gone if self._has_left(incident, member)]

    def _has_left(self, incident: Incident, member: Subject) -> bool:
        """What a place lost is its own until it is back, whatever it is taken for on the way."""
        verdict = self.decision.states.get(member)
        is_down = verdict is not None and verdict.state is State.DOWN
        return self._is_known(member) and not (is_down and incident.cause.kind in _PLACES)

    def _nearer(self, incident: Incident) -> Cause | None:
        """A new cause in whose shadow this one's subject turns out to lie."""
        for cause in self.new.values():
            if incident.subject in self.decision.darkened[cause]:
                return cause
        return None

    def _take(self, cause: Cause) -> Subject:
        subject = (cause.kind, cause.subject)
        del self.new[subject]
        return subject

    def _taken(self, cause: Cause) -> set[Subject]:
        """What a cause is about; a place is nobody's member."""
        subject = self._take(cause)
        return self.decision.darkened[cause] | ({subject} if cause.kind not in _PLACES else set())

    def _is_over(self, incident: Incident, *, fresh: bool) -> bool:
        """Something is known again of its subject, or sites.yaml has it no more, or it was a shadow from the start."""
        subject, states = incident.subject, self.decision.states
        if self.judgement.held(subject):
            return False
        if incident.cause.kind in _PLACES:
            return all(self._has_left(incident, member) for member in incident.members)
        if subject == MONITOR or subject in self.decision.waiting:
            return subject in states and states[subject].state in SEEN
        if subject not in states:
            return not self.decision.is_blind
        verdict = states[subject]
        return (verdict.state in SEEN and not verdict.doubtful) or (fresh and verdict.state is State.SHADOW)

    def _is_known(self, subject: Subject) -> bool:
        verdict = self.decision.states.get(subject)
        return subject not in self.decision.waiting and (verdict is None or verdict.state in _KNOWN)

    def _why(self, cause: Cause) -> str:
        return self.decision.states[cause.kind, cause.subject].why
