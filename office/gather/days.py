"""Days and months of each site, as the nightly job has rolled them up, with their octets."""

from __future__ import annotations

from collections import defaultdict
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from hotspot.clock import day_bounds, local_day
from hotspot.tables import site_days, site_months, usage_hours
from office.facts import Data, Day


def days(connection: Connection, first: str, last: str, zone: ZoneInfo, site: str | None = None) -> tuple[Day, ...]:
    """Rolled-up days from ``first`` to ``last`` (both included), of one site or of all."""
    query = select(site_days).where(site_days.c.day >= first, site_days.c.day <= last)
    if site is not None:
        query = query.where(site_days.c.site == site)
    rows = connection.execute(query.order_by(site_days.c.site, site_days.c.day)).all()
    data = _data_by_day(connection, site, day_bounds(first, zone)[0], day_bounds(last, zone)[1], zone)
    return tuple(
        Day(
            site=row.site,
            day=row.day,
            sessions=row.sessions,
            visits=row.visits,
            devices=row.devices,
            seconds=row.seconds,
            peak=row.peak_clients,
            data=data.get((row.site, row.day), Data()),
        )
        for row in rows
    )


def month_devices(connection: Connection, first: str, last: str) -> dict[tuple[str, str], int]:
    """Distinct devices of each site and month that is rolled up."""
    query = select(site_months.c.site, site_months.c.month, site_months.c.devices)
    query = query.where(site_months.c.month >= first, site_months.c.month <= last)
    return {(site, month): devices for site, month, devices in connection.execute(query)}


def months(connection: Connection) -> tuple[str, ...]:
    """Months with at least one rolled-up day, the latest first."""
    found = connection.execute(select(site_days.c.day).distinct()).scalars()
    return tuple(sorted({day[:7] for day in found}, reverse=True))


def _data_by_day(
    connection: Connection, of: str | None, start: int, end: int, zone: ZoneInfo
) -> dict[tuple[str, str], Data]:
    query = select(
        usage_hours.c.site, usage_hours.c.hour, usage_hours.c.output_octets, usage_hours.c.input_octets
    ).where(usage_hours.c.hour >= start, usage_hours.c.hour < end)
    if of is not None:
        query = query.where(usage_hours.c.site == of)
    found: dict[tuple[str, str], Data] = defaultdict(Data)
    for site, hour, down, up in connection.execute(query):
        found[site, local_day(hour, zone)] += Data(down, up)
    return dict(found)
