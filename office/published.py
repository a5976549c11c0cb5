"""Open data as plain rows: which days a question asks for, and which of their figures may be shown (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hotspot.sites import Sites
from office.anonymity import FEWEST, hidden_cells, hidden_days, public_count, without_company
from office.facts import Data, Day

LONGEST = 400  # days in one answer
DEFAULT = 30


@dataclass(frozen=True)
class Question:
    """Which days, which sites; both ends included."""

    first: date
    last: date
    site: str | None
    by: str


def understand(asked: dict[str, str], sites: Sites, today: date) -> Question | str:
    """The question, or what is wrong with it (pure)."""
    if unknown := sorted(set(asked) - {"from", "to", "site", "by"}):
        return f"unknown parameter {unknown[0]}; there are from, to, site, by"
    by, site = asked.get("by", "day"), asked.get("site")
    if by not in ("day", "month"):
        return "by must be day or month"
    if site is not None and site not in sites.site:
        return "there is no such site; /api/v1/sites lists them"
    try:
        last = min(_end(asked["to"]), today) if "to" in asked else today
        first = _start(asked["from"]) if "from" in asked else last - timedelta(days=DEFAULT)
    except (ValueError, OverflowError):
        return "from and to must be dates like 2026-11-24 or months like 2026-11"
    if first > last:
        return "from must not be later than to, nor than today"
    if (last - first).days > LONGEST:
        return f"at most {LONGEST} days in one answer; ask for a shorter time"
    return Question(first, last, site, by)


def by_day(found: Sequence[Day], first: str, last: str, today: str) -> list[dict[str, Any]]:
    """Finished days in the asked time; which are hidden is decided over each whole month (pure)."""
    found = [day for day in found if day.day < today]
    hidden = _hidden(found)
    return [
        {"site": d.site, "day": d.day, **_figures([d], "devices", d.devices, hide=(d.site, d.day) in hidden)}
        for d in found
        if first <= d.day <= last
    ]


def by_month(
    found: Sequence[Day], devices: dict[tuple[str, str], int], running: str, site: str | None = None
) -> list[dict[str, Any]]:
    """Finished months only: the difference of two totals of a running month would be a day (pure).

    ``found`` holds every site, also where one was asked for: the months of all sites together are published elsewhere.
    """
    groups: dict[tuple[str, str], list[Day]] = defaultdict(list)
    for day in found:
        if day.day[:7] < running:
            groups[day.site, day.day[:7]].append(day)
    hidden = hidden_cells({of: _behind(days, devices.get(of)) for of, days in groups.items()})
    rows = []
    for (place, month), days in groups.items():
        if site in (None, place):
            alone = without_company({day.day: day.devices for day in days})
            told = [day for day in days if day.day not in alone]
            hide = (place, month) in hidden or not told
            figures = _figures(told, "devices_daily_sum", sum(d.devices for d in told), hide=hide)
            known = None if hide else public_count(devices.get((place, month), 0))
            left_out = 0 if hide else len(alone)
            rows.append({"site": place, "month": month, **figures, "devices_month": known, "days_left_out": left_out})
    return rows


def _behind(days: Sequence[Day], devices: int | None) -> int:
    """How many devices stand behind a month's figures at least."""
    return max(d.devices for d in days) if devices is None else min(devices, sum(d.devices for d in days))


def month_end(day: date) -> date:
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return following - timedelta(days=1)


def _hidden(found: Iterable[Day]) -> set[tuple[str, str]]:
    groups: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for day in found:
        groups[day.site, day.day[:7]][day.day] = day.devices
    return {(site, day) for (site, _), devices in groups.items() for day in hidden_days(devices)}


def _figures(days: Sequence[Day], devices_name: str, devices: int, *, hide: bool) -> dict[str, Any]:
    data = sum((day.data for day in days), Data())
    figures = {
        devices_name: devices,
        "sessions": sum(day.sessions for day in days),
        "visits": sum(day.visits for day in days),
        "minutes": sum(day.seconds for day in days) // 60,
        "download_bytes": data.download,
        "upload_bytes": data.upload,
    }
    return {**dict.fromkeys(figures), "less_than": FEWEST} if hide else figures


def _start(text: str) -> date:
    return date.fromisoformat(f"{text}-01" if len(text) == 7 else text)


def _end(text: str) -> date:
    return month_end(_start(text)) if len(text) == 7 else date.fromisoformat(text)
