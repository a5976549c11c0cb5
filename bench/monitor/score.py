"""Judges a replay (pure): sees the truth and the messages sent, and nothing of the monitor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

INTERVAL = 60.0
DEADLINE = 2 * INTERVAL
LATE_CLOSE = 10 * INTERVAL  # how long after its end a cause may still be spoken of; what flapped is watched longer


class Message(Protocol):
    @property
    def at(self) -> float: ...
    @property
    def word(self) -> str: ...
    @property
    def incident(self) -> int: ...
    @property
    def subject(self) -> tuple[str, str]: ...
    @property
    def grade(self) -> str: ...


class Truth(Protocol):
    @property
    def what(self) -> str: ...
    @property
    def began(self) -> float: ...
    @property
    def ended(self) -> float: ...
    @property
    def at(self) -> frozenset[tuple[str, str]]: ...
    @property
    def must(self) -> bool: ...
    @property
    def told_from(self) -> float: ...
    @property
    def grades(self) -> frozenset[str]: ...


@dataclass
class Score:
    """``right`` and ``wrong`` incidents, causes ``found`` of those that had to be; ``twice``: told as two incidents."""

    right: int = 0
    wrong: int = 0
    found: int = 0
    missed: int = 0
    twice: int = 0
    late: int = 0
    graded: int = 0
    misgraded: int = 0
    delays: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0


def score(truths: Sequence[Truth], messages: Iterable[Message]) -> Score:
    """An incident is right when every message that names a cause names one that was true at that time."""
    result, told = Score(), list(messages)
    by_truth: dict[int, set[int]] = {}
    for incident in sorted({message.incident for message in told}):
        own = [message for message in told if message.incident == incident]
        causes = {_cause(truths, message) for message in own if message.word != "close"}
        if None in causes or len(causes) != 1:
            result.wrong += 1
            result.notes.append(f"wrong: {[(round(m.at), m.word, *m.subject) for m in own]}")
            continue
        result.right += 1
        (number,) = causes
        by_truth.setdefault(number or 0, set()).add(incident)
    for number, truth in enumerate(truths):
        _told(result, truth, by_truth.get(number, set()), told)
    return result


def _cause(truths: Sequence[Truth], message: Message) -> int | None:
    for number, truth in enumerate(truths):
        if message.subject in truth.at and truth.began <= message.at <= truth.ended + LATE_CLOSE:
            return number
    return None


def _told(result: Score, truth: Truth, incidents: set[int], told: Sequence[Message]) -> None:
    if len(incidents) > 1:
        result.twice += 1
        result.notes.append(f"told as {len(incidents)} incidents: {truth.what} {sorted(truth.at)}")
    if not truth.must:
        return
    if not incidents:
        result.missed += 1
        result.notes.append(f"missed: {truth.what} {sorted(truth.at)}")
        return
    result.found += 1
    own = [message for message in told if message.incident in incidents]
    delay = max(0.0, min(message.at for message in own) - truth.told_from)
    result.delays.append(delay)
    if delay > DEADLINE:
        result.late += 1
        result.notes.append(f"late by {delay - DEADLINE:.0f} s: {truth.what} {sorted(truth.at)}")
    if truth.grades:
        last = own[-1].grade
        result.graded += last in truth.grades
        result.misgraded += last not in truth.grades and last != "unknown"
