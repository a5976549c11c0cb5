"""A month's figures of all sites, whole: what is frozen, and what every kind of file is made from (pure)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from office.report import metrics, opinion, town
from office.report.contract import LinkMonth
from office.report.crowding import Crowd, Week, crowds, week
from office.report.events import Lesson
from office.report.figures import Report, Value
from office.report.month import SiteMonth

Values = Mapping[str, Value]


@dataclass(frozen=True)
class DayLine:
    """One local day of one site or of all."""

    day: str
    sessions: int
    visits: int
    devices: int
    download_bytes: int
    upload_bytes: int


@dataclass(frozen=True)
class Cause:
    """Incidents of one cause, and the minutes that they lasted."""

    cause: str
    incidents: int
    minutes: int


@dataclass(frozen=True)
class Difference:
    """What came for one site of a frozen ``month`` after that was closed."""

    month: str
    site: str
    sessions: int
    visits: int
    download_bytes: int
    upload_bytes: int


@dataclass(frozen=True)
class Page:
    """One site, or all: figures by name, and those of the month before and of the year before where there are any."""

    site: str
    name: str
    kecamatan: str
    values: dict[str, Value]
    previous: dict[str, Value] | None
    year_ago: dict[str, Value] | None
    week: Week
    crowds: tuple[Crowd, ...]
    days: tuple[DayLine, ...]
    causes: tuple[Cause, ...]
    channels: tuple[tuple[str, int], ...]
    refusals: tuple[tuple[str, int], ...]
    elements: tuple[tuple[int, float], ...]
    access_points: int
    steps: tuple[tuple[str, int], ...] = ()
    portal_refusals: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Book:
    """``table`` is the CSV of the month; ``running`` while the month goes on; ``until`` in UTC seconds."""

    month: str
    until: int
    running: bool
    sample: bool
    table: Report
    sites: tuple[Page, ...]
    total: Page
    links: tuple[LinkMonth, ...]
    lessons: tuple[Lesson, ...] = ()
    differences: tuple[Difference, ...] = ()


BOOK = TypeAdapter(Book)


def page(facts: SiteMonth, previous: Values | None, year_ago: Values | None, values: Values | None = None) -> Page:
    """``values`` are those of :mod:`office.report.town` where the page is about all sites."""
    survey = opinion.satisfaction(facts.opinions)
    return Page(
        site=facts.site,
        name=facts.name,
        kecamatan=facts.kecamatan,
        values=dict(metrics.values(facts) if values is None else values),
        previous=None if previous is None else dict(previous),
        year_ago=None if year_ago is None else dict(year_ago),
        week=week(facts),
        crowds=() if facts.site == town.EVERYWHERE else crowds(facts),
        days=_days(facts),
        causes=_causes(facts),
        channels=tuple(sorted(Counter(complaint.channel for complaint in facts.complaints).items())),
        refusals=_refusals(facts),
        elements=survey.means,
        access_points=facts.place.access_points,
        steps=facts.steps,
        portal_refusals=_most_first(facts.portal_refusals),
    )


def _days(facts: SiteMonth) -> tuple[DayLine, ...]:
    down: Counter[str] = Counter()
    up: Counter[str] = Counter()
    for hour in facts.hours:
        day = datetime.fromtimestamp(hour.start, facts.zone).strftime("%Y-%m-%d")
        down[day] += hour.octets.download
        up[day] += hour.octets.upload
    sessions: Counter[str] = Counter()
    visits: Counter[str] = Counter()
    devices: Counter[str] = Counter()
    for day, figures in zip(facts.dates, facts.days, strict=True):
        sessions[day] += figures.sessions
        visits[day] += figures.visits
        devices[day] += figures.devices
    return tuple(
        DayLine(day, sessions[day], visits[day], devices[day], down[day], up[day]) for day in sorted({*sessions, *down})
    )


def _refusals(facts: SiteMonth) -> tuple[tuple[str, int], ...]:
    """Reasons of refused logins, the most frequent first."""
    reasons: Counter[str] = Counter()
    for result, number in facts.logins:
        if result != metrics.ACCEPTED:
            reasons[result] += number
    return _most_first(reasons.items())


def _most_first(reasons: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(reasons, key=lambda one: (-one[1], one[0])))


def _causes(facts: SiteMonth) -> tuple[Cause, ...]:
    """An incident counts in the month in which it was opened, with its length up to now or the month's end."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for incident in facts.incidents:
        ends = min(incident.closed_at if incident.closed_at is not None else facts.until, facts.until)
        found[incident.cause].append(max(0, ends - incident.opened_at) // 60)
    return tuple(Cause(cause, len(minutes), sum(minutes)) for cause, minutes in sorted(found.items()))


def read(text: str) -> Book:
    """A book as it was written; pydantic's error when it is none."""
    return BOOK.validate_json(text)


def written(book: Book) -> str:
    """Always the same text of the same figures: what the sha256 is of."""
    return BOOK.dump_json(book).decode()


def figures_of(book: Book | None) -> dict[str, dict[str, Value]]:
    """Values by site, to compare another month with."""
    return {} if book is None else {one.site: one.values for one in (*book.sites, book.total)}


def one_site(pages: Sequence[Page], site: str) -> Page | None:
    return next((one for one in pages if one.site == site), None)
