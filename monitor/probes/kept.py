"""What citizens found at a site, kept by the hour for the month's report: reading_hours under the site's name."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, insert, select, update

from hotspot.tables import reading_hours
from monitor.probes.citizen import Journey

# Words of reading_hours.what; a share, seconds, seconds and bit/s.
CAME_IN, WAY_IN, ANSWER, SPEED = "citizen-in", "citizen-way-in", "citizen-answer", "citizen-speed"


def figures(journey: Journey) -> Iterator[tuple[str, float]]:
    """What one walk adds (pure); a walk that failed has neither seconds nor answers."""
    yield CAME_IN, float(journey.failed is None)
    if journey.seconds is not None:
        yield WAY_IN, journey.seconds
    yield from ((ANSWER, seconds) for seconds in journey.answers)
    if journey.speed is not None:
        yield SPEED, journey.speed


def keep(connection: Connection, site: str, hour: int, journey: Journey) -> None:
    """The monitor alone writes here, one process of it, so that a row is read and then written."""
    for what, value in figures(journey):
        columns = reading_hours.c
        here = (columns.subject == site, columns.port == "", columns.what == what, columns.hour == hour)
        row = connection.execute(select(reading_hours).where(*here)).first()
        if row is None:
            key = {"subject": site, "port": "", "what": what, "hour": hour}
            new = {"samples": 1, "lowest": value, "highest": value, "total": value}
            connection.execute(insert(reading_hours).values(**key, **new))
        else:
            more = {
                "samples": row.samples + 1,
                "lowest": min(row.lowest, value),
                "highest": max(row.highest, value),
                "total": row.total + value,
            }
            connection.execute(update(reading_hours).where(*here).values(**more))
