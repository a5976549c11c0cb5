"""Sessions that have reached their age, and all that is over, forgotten or needed no more: deleted."""

from __future__ import annotations

from sqlalchemy import delete, or_, select

from hotspot.clock import day_bounds, local_day
from hotspot.nightly import due
from hotspot.nightly.days import SiteDay
from hotspot.nightly.step import Task
from hotspot.tables import (
    admissions,
    audit,
    codes,
    journals,
    nightly_runs,
    otps,
    refusals,
    remembered,
    sessions,
    site_days,
    staff_sessions,
    wishes,
)


def expire(task: Task) -> str:
    """Delete whole days of sites, each in one transaction, but only what its roll-up has counted."""
    deleted = sum(_delete_day(task, site, day) for site, day in sorted(_old_days(task)))
    with task.store.writing() as connection:
        for since in (nightly_runs.c.began_at, journals.c.changed_at, wishes.c.asked_at, audit.c.at):
            connection.execute(delete(since.table).where(since < task.now - task.sites.retention.audit))
        for end in (otps.c.expires_at, admissions.c.asked_at, staff_sessions.c.ends_at):
            connection.execute(delete(end.table).where(end < task.now - due.DAY))
        forgotten = due.forget_until(task.now, task.sites.retention.raw_mac)
        connection.execute(delete(refusals).where(refusals.c.refused_at <= forgotten))
        for memory in (remembered, codes):
            connection.execute(
                delete(memory).where(or_(memory.c.until <= task.now, memory.c.forgotten_at.is_not(None)))
            )
    return f"{deleted} sessions deleted"


def _old_days(task: Task) -> set[SiteDay]:
    limit = due.delete_before(task.now, task.zone, task.sites.retention.session_tokens)
    query = select(sessions.c.site, sessions.c.started_at).where(sessions.c.started_at < limit)
    with task.store.reading() as connection:
        return {(site, local_day(started_at, task.zone)) for site, started_at in connection.execute(query)}


def _delete_day(task: Task, site: str, day: str) -> int:
    """A session that goes on, or changed in time to count and was not counted yet, stays."""
    kept = task.sites.retention.session_tokens
    start, end = day_bounds(day, task.zone)
    with task.store.writing() as connection:
        row = select(site_days.c.rolled_at).where(site_days.c.site == site, site_days.c.day == day)
        rolled_at = connection.execute(row).scalar_one_or_none() or 0
        counted = or_(
            sessions.c.changed_at < rolled_at, sessions.c.changed_at >= due.counts_until(day, task.zone, kept)
        )
        on_the_day = (sessions.c.site == site, sessions.c.started_at >= start, sessions.c.started_at < end)
        over = sessions.c.last_seen_at < task.now - min(kept, due.DAY)
        gone = delete(sessions).where(*on_the_day, counted, over)
        return connection.execute(gone).rowcount
