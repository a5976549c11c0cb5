"""Closed months: how many devices each site saw, how many of them again; then who they were is deleted."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from hotspot.nightly import due
from hotspot.nightly.step import Task
from hotspot.tables import device_months, site_months, town_months


def close(task: Task) -> str:
    with task.store.reading() as connection:
        months = connection.execute(select(device_months.c.month).distinct()).scalars().all()
    closed = [month for month in sorted(months) if due.month_closes_at(month, task.zone) <= task.now]
    for month in closed:
        with task.store.writing() as connection:
            _close(connection, month, task.now)
    return f"{len(closed)} months closed"


def seen(connection: Connection, month: str) -> dict[str, tuple[int, int]]:
    """Devices and devices seen on two days or more, by site, of a month that is not closed yet."""
    query = select(device_months.c.site, device_months.c.days_seen).where(device_months.c.month == month)
    counts: dict[str, tuple[int, int]] = {}
    for site, days in connection.execute(query):
        devices, again = counts.get(site, (0, 0))
        counts[site] = devices + 1, again + (days.bit_count() > 1)
    return counts


@dataclass(frozen=True)
class Town:
    """Devices of a month over all sites, each once."""

    devices: int
    seen_again: int
    across: int


def seen_in_town(connection: Connection, month: str) -> Town:
    """One device's days of all sites are put together: two sites on one day are one day, and one device."""
    query = select(device_months.c.token, device_months.c.days_seen).where(device_months.c.month == month)
    days: dict[str, int] = {}
    sites: Counter[str] = Counter()
    for token, seen_days in connection.execute(query):
        days[token] = days.get(token, 0) | seen_days
        sites[token] += 1
    again = sum(seen_days.bit_count() > 1 for seen_days in days.values())
    return Town(len(days), again, sum(number > 1 for number in sites.values()))


def _close(connection: Connection, month: str, now: int) -> None:
    """Figures that were closed once stay as they are."""
    there = connection.execute(select(site_months.c.site).where(site_months.c.month == month)).scalars().all()
    rows = [
        {"site": site, "month": month, "devices": devices, "seen_again": again, "rolled_at": now}
        for site, (devices, again) in sorted(seen(connection, month).items())
        if site not in there
    ]
    if rows:
        connection.execute(insert(site_months), rows)
    known = select(town_months.c.month).where(town_months.c.month == month)
    if connection.execute(known).one_or_none() is None:
        town = asdict(seen_in_town(connection, month))
        connection.execute(insert(town_months).values(month=month, **town, rolled_at=now))
    connection.execute(delete(device_months).where(device_months.c.month == month))
