"""A closed month: its figures as they were published, with a sha256 that proves them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select

from hotspot.clock import month_bounds
from hotspot.command import OperatorError
from hotspot.nightly import devices
from hotspot.nightly.runs import last_success
from hotspot.tables import frozen_months
from office.report.figures import Report


@dataclass(frozen=True)
class Frozen:
    """A report that does not change any more."""

    report: Report
    sha256: str
    frozen_at: int


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
    return Frozen(_read(row.figures), row.sha256, row.frozen_at)


def freeze(connection: Connection, report: Report, zone: ZoneInfo, now: int) -> Frozen:
    """Close a month; OperatorError when it goes on, is not counted to its end yet, or was closed before."""
    end = month_bounds(report.month, zone)[1]
    if now < end:
        ends = datetime.fromtimestamp(end, zone)
        raise OperatorError(f"{report.month} goes on until {ends:%Y-%m-%d %H:%M}; freeze it after that")
    if before := frozen(connection, report.month):
        when = datetime.fromtimestamp(before.frozen_at, zone)
        raise OperatorError(f"{report.month} was frozen on {when:%Y-%m-%d %H:%M} (sha256 {before.sha256}) and stays so")
    if (last_success(connection, devices.STEP) or 0) < end:
        raise OperatorError(
            f"the nightly job has not run since the end of {report.month}, so the devices of its last hours are not "
            "counted; run: hotspot nightly, then freeze it"
        )
    figures = _written(report)
    row = {"month": report.month, "figures": figures, "sha256": _sha256(figures), "frozen_at": now}
    connection.execute(insert(frozen_months), row)
    return Frozen(report, _sha256(figures), now)


def _written(report: Report) -> str:
    content = {"month": report.month, "columns": report.columns, "rows": report.rows}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _read(figures: str) -> Report:
    content = json.loads(figures)
    return Report(content["month"], tuple(content["columns"]), tuple(tuple(row) for row in content["rows"]))


def _sha256(figures: str) -> str:
    return hashlib.sha256(figures.encode()).hexdigest()
