"""What the store knows of one site in one month: the facts from which every figure is made (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from hotspot.nightly.figures import DayFigures
from office.report.availability import Piece, Span


def month_before(month: str, months: int) -> str:
    """The name of an earlier month."""
    year, at = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 - months, 12)
    return f"{year:04}-{at + 1:02}"


@dataclass(frozen=True)
class Octets:
    download: int = 0
    upload: int = 0


@dataclass(frozen=True)
class Complaint:
    received_at: int
    answered_at: int | None
    channel: str = "portal"


@dataclass(frozen=True)
class Hour:
    """One local hour of a site: how many seconds all its clients were there together, and half of its minutes' most."""

    start: int
    client_seconds: int
    median_clients: int
    octets: Octets = field(default_factory=Octets)


@dataclass(frozen=True)
class Incident:
    """One root cause that darkened the site; its number makes it one where it darkened many."""

    number: int
    cause: str
    opened_at: int
    closed_at: int | None


@dataclass(frozen=True)
class Echoes:
    """Hourly figures of pings added up: samples and their sum, of round trips in seconds and of lost shares.

    ``hours`` holds the mean round trip of each hour and NAS.
    """

    trips: int = 0
    seconds: float = 0.0
    worst: float = 0.0
    tries: int = 0
    lost: float = 0.0
    hours: tuple[float, ...] = ()


@dataclass(frozen=True)
class Citizen:
    """What the probe inside a site found: its walks, how many came in, and hourly means of seconds and of bit/s."""

    walks: int = 0
    came_in: int = 0
    answers: tuple[float, ...] = ()
    speeds: tuple[float, ...] = ()


@dataclass(frozen=True)
class Opinion:
    """One answer to one question of the satisfaction survey: which of the nine elements, 1 (worst) to 4 (best)."""

    element: int
    score: int


@dataclass(frozen=True)
class Place:
    """What sites.yaml says of a site and a figure needs; ``speed`` is the contracted one in bit/s."""

    cost_per_month: int | None = None
    access_points: int = 0
    capacity: int | None = None
    speed: int | None = None


@dataclass(frozen=True)
class SiteMonth:
    """A month that goes on is known up to ``until``; ``seen_again`` counts devices that came on two days or more.

    ``ways_in`` is how many visitors took how many seconds from the page to the internet; ``late_sessions`` came in
    this month for months that were frozen.
    """

    month: str
    zone: ZoneInfo
    site: str
    name: str
    kecamatan: str
    start: int = 0
    until: int = 0
    days: tuple[DayFigures, ...] = ()
    dates: tuple[str, ...] = ()
    open_now: int = 0
    devices: int = 0
    seen_again: int = 0
    across: int | None = None
    octets: Octets = field(default_factory=Octets)
    corrections: Octets = field(default_factory=Octets)
    visit_minutes: tuple[tuple[int, int], ...] = ()
    hours: tuple[Hour, ...] = ()
    logins: tuple[tuple[str, int], ...] = ()
    steps: tuple[tuple[str, int], ...] = ()
    ways_in: tuple[tuple[int, int], ...] = ()
    portal_refusals: tuple[tuple[str, int], ...] = ()
    late_sessions: int = 0
    echoes: Echoes = field(default_factory=Echoes)
    citizen: Citizen = field(default_factory=Citizen)
    history: tuple[Piece, ...] = ()
    service: tuple[Span, ...] = ()
    planned_seconds: int = 0
    incidents: tuple[Incident, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    place: Place = field(default_factory=Place)

    def offset(self, at: int) -> int:
        """Seconds by which the place's clock is ahead of UTC."""
        ahead = datetime.fromtimestamp(at, self.zone).utcoffset()
        return int(ahead.total_seconds()) if ahead else 0
