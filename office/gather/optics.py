"""Optical power by day and round trips, from the hourly figures that the monitor keeps."""

from __future__ import annotations

import json
from collections import defaultdict
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from hotspot.clock import day_bounds, local_day
from hotspot.tables import reading_hours, states
from office.fibre import Light, Outlook, Port


def light(connection: Connection, start: int, zone: ZoneInfo) -> dict[Port, Light]:
    """Each port that has been read since ``start``; a day without a reading is left out."""
    hours = reading_hours.c
    query = (
        select(hours.subject, hours.port, hours.hour, hours.samples, hours.total, hours.lowest)
        .where(hours.what == "rx-power", hours.hour >= start, hours.samples > 0)
        .order_by(hours.hour)
    )
    sums: dict[Port, dict[str, list[float]]] = defaultdict(dict)
    for row in connection.execute(query):
        day = sums[row.subject, row.port].setdefault(local_day(row.hour, zone), [0, 0.0, row.lowest])
        day[0] += row.samples
        day[1] += row.total
        day[2] = min(day[2], row.lowest)
    return {
        port: Light(tuple(total / samples for samples, total, _ in days.values()), list(days.values())[-1][2])
        for port, days in sums.items()
    }


def outlooks(connection: Connection, zone: ZoneInfo) -> dict[tuple[str, str], Outlook]:
    """What the monitor wrote of each link's light, by link and the device that receives it."""
    found = {}
    for link, detail in connection.execute(select(states.c.subject, states.c.detail).where(states.c.kind == "link")):
        for device, told in json.loads(detail).get("light", {}).items():
            bent = (day_bounds(told["bent"][0], zone)[0], told["bent"][1]) if told["bent"] else None
            found[link, device] = Outlook(told["drop"], told["days_left"], bent)
    return found


def round_trip(connection: Connection, start: int) -> dict[str, float]:
    """Mean seconds of a ping to each device and NAS that was pinged since ``start``."""
    hours = reading_hours.c
    query = select(hours.subject, func.sum(hours.total) / func.sum(hours.samples))
    query = query.where(hours.what == "rtt", hours.hour >= start, hours.samples > 0).group_by(hours.subject)
    return {subject: float(seconds) for subject, seconds in connection.execute(query)}
