"""Closed months: how many devices each site saw, how many of them again; then who they were is deleted."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from hotspot.nightly import due
from hotspot.nightly.step import Task
from hotspot.tables import device_months, site_months


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
    connection.execute(delete(device_months).where(device_months.c.month == month))
