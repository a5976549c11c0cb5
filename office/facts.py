"""Facts that the pages are made of, as plain values without a person in them (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field

from office.report.figures import PROMISE

Subject = tuple[str, str]  # kind (device, nas, link; site for what was found at one) and id


@dataclass(frozen=True)
class Data:
    """Octets as the visitor sees them; the NAS counts the other way round (RFC 2866 section 5.3)."""

    download: int = 0
    upload: int = 0

    @property
    def total(self) -> int:
        return self.download + self.upload

    def __add__(self, other: Data) -> Data:
        return Data(self.download + other.download, self.upload + other.upload)


@dataclass(frozen=True)
class Condition:
    """What the monitor last said of a subject, and since when."""

    word: str
    since: int


@dataclass(frozen=True)
class Now:
    """Facts of one moment; a site that is in none of the mappings has none."""

    at: float
    clients: dict[str, int] = field(default_factory=dict)
    sessions: dict[str, int] = field(default_factory=dict)
    data: dict[str, Data] = field(default_factory=dict)
    conditions: dict[Subject, Condition] = field(default_factory=dict)
    last_hour: dict[str, Data] = field(default_factory=dict)  # the last whole one
    way_in: dict[int, int] = field(
        default_factory=dict
    )  # visitors of this hour and the last by seconds to the internet


@dataclass(frozen=True)
class Incident:
    """One root cause; ``members`` are the subjects in its shadow, the root left out."""

    id: int
    cause: str
    root: Subject
    clients: int
    opened_at: int
    closed_at: int | None
    members: tuple[Subject, ...]
    grade: str = "unknown"
    evidence: str = ""

    def touches(self, subjects: frozenset[Subject]) -> bool:
        return bool(subjects.intersection((self.root, *self.members)))


@dataclass(frozen=True)
class Complaint:
    """What the office needs to answer; phone numbers and MACs that a visitor typed are masked."""

    id: int
    site: str
    text: str
    has_contact: bool
    received_at: int
    answered_at: int | None
    answer: str | None
    answered_by: str | None
    channel: str = "portal"
    place: str | None = None
    happened_at: int | None = None
    link: str | None = None
    entered_by: str | None = None
    incident: int | None = None
    opd: str | None = None
    forwarded_at: int | None = None
    escalated_at: int | None = None
    published_at: int | None = None

    def left(self, at: float) -> float:
        """Seconds left of the promise; below zero when it is broken."""
        return self.received_at + PROMISE - at

    @property
    def on_time(self) -> bool:
        """Whether the answer came within the promise."""
        return self.answered_at is not None and self.left(self.answered_at) >= 0


@dataclass(frozen=True)
class Day:
    """One local day of one site; ``devices`` counts those whose day key still lived when they came."""

    site: str
    day: str
    sessions: int
    visits: int
    devices: int
    seconds: int
    peak: int
    data: Data
