"""The store of a replay, in memory; what it is told of incidents is the log of alerts that the scorer reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor.cause import Cause
from monitor.flap import Flap
from monitor.grade import Grade
from monitor.health import State
from monitor.history import Moment
from monitor.incidents import REOPEN, Change, Closed, Graded, Incident, Joined, Left, Opened, Turned
from monitor.maintenance import Window
from monitor.optics import Learned
from monitor.topology import Subject


@dataclass(frozen=True)
class Alert:
    """A message that somebody gets; ``word`` is open, turn or close."""

    at: float
    word: str
    incident: int
    cause: str
    subject: Subject
    grade: str


@dataclass
class Memory:
    work: Sequence[Window] = ()
    alerts: list[Alert] = field(default_factory=list)
    now_states: dict[Subject, State] = field(default_factory=dict)
    known: dict[int, Incident] = field(default_factory=dict)

    def states(self) -> Mapping[Subject, State]:
        return self.now_states

    def flaps(self) -> Mapping[Subject, Flap]:
        return {}

    def incidents(self, since: float) -> list[Incident]:
        return [one for one in self.known.values() if one.closed_at is None or one.closed_at >= since - REOPEN]

    def windows(self, at: float) -> list[Window]:
        return [window for window in self.work if window.holds(at)]

    def learned(self) -> dict[tuple[str, str], Learned]:
        return {}

    def open_by_cause(self) -> Mapping[str, int]:
        return Counter(one.cause.name for one in self.known.values() if one.closed_at is None)

    def write(self, moment: Moment) -> None:
        self.now_states |= {subject: known.verdict.state for subject, known in moment.known.items()}
        for change in moment.changes:
            self._take(change, moment.at)

    def _take(self, change: Change, at: float) -> None:
        match change:
            case Opened(cause, _, _, members, grade):
                key = len(self.known) + 1
                self.known[key] = Incident(key, cause, members, at, None, grade)
                self._send(at, "open", key, cause, grade)
            case Turned(key, cause, _, _, grade, _):
                before = self.known[key]
                self.known[key] = replace(before, cause=cause, grade=grade, closed_at=None)
                self._send(at, "turn" if before.closed_at is None else "again", key, cause, grade)
            case Graded(key, grade):
                before = self.known[key]
                self.known[key] = replace(before, grade=grade)
                if before.grade.cause == "maintenance":
                    self._send(at, "open", key, before.cause, grade)
            case Joined(key, member):
                self.known[key] = replace(self.known[key], members=self.known[key].members | {member})
            case Left(key, member):
                self.known[key] = replace(self.known[key], members=self.known[key].members - {member})
            case Closed(key, _):
                self.known[key] = replace(self.known[key], closed_at=at)
                self._send(at, "close", key, self.known[key].cause, self.known[key].grade)

    def _send(self, at: float, word: str, key: int, cause: Cause, grade: Grade) -> None:
        if grade.cause != "maintenance":
            self.alerts.append(Alert(at, word, key, cause.name, (cause.kind, cause.subject), grade.cause))
