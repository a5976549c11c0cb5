"""The end of pseudonym keys: on time even when a roll-up failed, for a figure needs the tokens and never the key."""

from __future__ import annotations

from sqlalchemy import select, update

from hotspot.clock import day_bounds
from hotspot.nightly import due
from hotspot.nightly.births import record_birth
from hotspot.nightly.step import Task
from hotspot.tables import pseudonym_keys, sessions


def destroy(task: Task) -> str:
    living = task.keys.periods()
    with task.store.writing() as connection:
        for period in living:
            record_birth(connection, period, task.keys.get(period), task.now)
    ended = [period for period in living if _has_ended(task, period)]
    for period in ended:
        task.keys.destroy(period)
    _record_deaths(task)
    return f"{len(ended)} keys destroyed" + (f" ({', '.join(ended)})" if ended else "")


def _has_ended(task: Task, period: str) -> bool:
    ends_at = due.key_ends_at(period, task.zone)
    return ends_at is not None and ends_at <= task.now and not _is_awaited(task, period)


def _is_awaited(task: Task, period: str) -> bool:
    """Whether a session of the day still has a MAC that RADIUS did not turn into a token yet."""
    if not period.startswith("day-"):
        return False
    start, end = day_bounds(period.removeprefix("day-"), task.zone)
    of_the_day = (sessions.c.started_at >= start, sessions.c.started_at < end)
    uncounted = (sessions.c.mac.is_not(None), sessions.c.device_day.is_(None))
    with task.store.reading() as connection:
        return connection.execute(select(sessions.c.id).where(*of_the_day, *uncounted).limit(1)).first() is not None


def _record_deaths(task: Task) -> None:
    """Also of a key that an interrupted run destroyed without saying so; never of one that lives elsewhere."""
    undead = select(pseudonym_keys.c.period).where(pseudonym_keys.c.destroyed_at.is_(None))
    with task.store.writing() as connection:
        gone = [period for period in connection.execute(undead).scalars() if task.keys.is_destroyed(period)]
        if gone:
            query = update(pseudonym_keys).where(pseudonym_keys.c.period.in_(gone))
            connection.execute(query.values(destroyed_at=task.now))
