"""A closed month: its figures as they were published, with a sha256 that proves them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from hotspot.clock import month_bounds
from hotspot.command import OperatorError
from hotspot.nightly import devices
from hotspot.nightly.runs import last_success
from hotspot.sites import Sites
from hotspot.tables import frozen_months, intervals, site_days, usage_hours
from office.report.book import Book, read, written
from office.report.figures import Report


class Obstacle(StrEnum):
    """What keeps a month from being closed."""

    RUNNING = "running"
    FROZEN = "frozen"
    UNCOUNTED = "uncounted"


@dataclass(frozen=True)
class Frozen:
    """A month that does not change any more."""

    book: Book
    sha256: str
    frozen_at: int

    @property
    def report(self) -> Report:
        """The table of the CSV."""
        return self.book.table


def frozen(connection: Connection, month: str) -> Frozen | None:
    """The frozen figures of a month; OperatorError when they are not those that were frozen."""
    row = connection.execute(select(frozen_months).where(frozen_months.c.month == month)).one_or_none()
    if row is None:
        return None
    if _sha256(row.figures) != row.sha256:
        raise OperatorError(
            f"the frozen figures of {month} do not fit their sha256 {row.sha256}: "
            "somebody changed them in the database; restore the table frozen_months from a backup"
        )
    try:
        return Frozen(read(row.figures), row.sha256, row.frozen_at)
    except ValueError:
        raise OperatorError(
            f"the frozen figures of {month} are of a version that this one does not know; "
            "print them with the version that froze them, or delete the month from frozen_months and freeze it again"
        ) from None


def obstacle(connection: Connection, month: str, sites: Sites, now: int) -> Obstacle | None:
    """Why a month cannot be closed now: it goes on, was closed before, or is not counted to its end yet."""
    end = month_bounds(month, sites.timezone)[1]
    if now < end:
        return Obstacle.RUNNING
    if frozen(connection, month):
        return Obstacle.FROZEN
    return Obstacle.UNCOUNTED if (last_success(connection, devices.STEP) or 0) < end else None


def freeze(connection: Connection, book: Book, sites: Sites, now: int) -> Frozen:
    """Close a month; OperatorError when something is in the way."""
    month = book.month
    if found := obstacle(connection, month, sites, now):
        raise OperatorError(_sentence(connection, month, sites, found))
    figures = written(book)
    row = {"month": month, "figures": figures, "sha256": _sha256(figures), "frozen_at": now}
    connection.execute(insert(frozen_months), row)
    return Frozen(book, _sha256(figures), now)


def _sentence(connection: Connection, month: str, sites: Sites, found: Obstacle) -> str:
    zone = sites.timezone
    if found is Obstacle.RUNNING:
        end = datetime.fromtimestamp(month_bounds(month, zone)[1], zone)
        return f"{month} goes on until {end:%Y-%m-%d %H:%M}; freeze it after that"
    if before := frozen(connection, month):
        when = datetime.fromtimestamp(before.frozen_at, zone)
        return f"{month} was frozen on {when:%Y-%m-%d %H:%M} (sha256 {before.sha256}) and stays so"
    return (
        f"the nightly job has not run since the end of {month}, so the devices of its last hours are not "
        "counted; run: hotspot nightly, then freeze it"
    )


def has_figures(connection: Connection, sites: Sites, month: str) -> bool:
    """Whether anything at all is known of a month: a month before the beginning is no month of zeros."""
    start, end = month_bounds(month, sites.timezone)
    asked = (
        select(site_days.c.day).where(site_days.c.day.startswith(month + "-")),
        select(usage_hours.c.hour).where(usage_hours.c.hour >= start, usage_hours.c.hour < end),
        select(intervals.c.id).where(intervals.c.began_at < end, intervals.c.seen_until > start),
    )
    return any(connection.execute(query.limit(1)).first() is not None for query in asked)


def _sha256(figures: str) -> str:
    return hashlib.sha256(figures.encode()).hexdigest()
