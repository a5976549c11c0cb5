"""Pseudonym keys after a restore: the dead stay dead, and one that is lost in its time is closed in the log."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, update

from hotspot.nightly import due
from hotspot.pseudonym import KeyRing, commitment
from hotspot.tables import pseudonym_keys


def settle(connection: Connection, ring: KeyRing, zone: ZoneInfo, now: int) -> None:
    """Keys are in no backup: those of this folder go on where they fit, no other is made for a time that is over."""
    for row in connection.execute(select(pseudonym_keys)).all():
        if row.destroyed_at is not None or _is_over(row.period, zone, now):
            if "." not in row.period:
                ring.destroy(row.period)  # the nightly job writes down those that the log does not know of yet
        elif row.period not in ring.periods() or commitment(ring.get(row.period)) != row.commitment:
            _close(connection, row.period, now)


def _is_over(period: str, zone: ZoneInfo, now: int) -> bool:
    ends_at = due.key_ends_at(period, zone)
    return ends_at is not None and ends_at <= now


def _close(connection: Connection, period: str, now: int) -> None:
    """Its key was lost with the other machine. The period gets a new one, which commits to itself when it is born.

    A device seen before and after counts twice then: the month's figure is an upper bound, and stays one.
    """
    earlier = select(func.count()).where(pseudonym_keys.c.period.startswith(f"{period}."))
    number = int(connection.execute(earlier).scalar_one()) + 1
    its = pseudonym_keys.c.period == period
    connection.execute(update(pseudonym_keys).where(its).values(period=f"{period}.{number}", destroyed_at=now))
