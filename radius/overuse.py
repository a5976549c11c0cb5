"""Sessions that crossed their client's limits while they go on: each is wished to be slowed or ended, once.

A NAS knows the limits that its Accept told; it knows nothing of a slower speed that begins in the middle, nor of what
the same client uses elsewhere. Both come to light with the next report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from hotspot import presence
from hotspot.allowance import Limits, Usage, left, limits
from hotspot.policy import SHORTEST_VISIT
from hotspot.sites import Sites
from hotspot.sites.model import Policy
from hotspot.store import Store
from hotspot.tables import nas_facts, sessions, wishes
from hotspot.wishes import Act, wish

_OVERLAP = 60  # seconds looked back: a row may be committed after its own time


@dataclass(frozen=True, slots=True)
class Crossed:
    """Which limit, and what follows."""

    act: Act
    reason: str


def crossed(policy: Policy, used: Usage) -> Crossed | None:
    allowance = left(policy, used)
    if allowance.seconds <= 0:
        return Crossed(Act.END, "time-used")
    if allowance.slowed:
        return Crossed(Act.LIMIT, "data-used")
    return Crossed(Act.END, "data-used") if allowance.octets <= 0 else None


def limits_left(policy: Policy, used: Usage, seconds: int) -> Limits:
    """What a client may still have in a session that is promised ``seconds`` more."""
    return limits(policy, left(policy, used), max(SHORTEST_VISIT, seconds))


class Overuse:
    """Looks at the open sessions that changed since its last look."""

    def __init__(self, store: Store, sites: Sites) -> None:
        self._store = store
        self._sites = sites
        self._since = 0

    def adopt(self, sites: Sites) -> None:
        """Go on by what sites.yaml says now."""
        self._sites = sites

    def sweep(self, now: float) -> int:
        """How many wishes it made."""
        with self._store.reading() as connection:
            rows = _changed(connection, self._since, now)
            used = _used(connection, {row.device_day for row in rows})
            known = _wished(connection, {row.id for row in rows})
        found = [(row.id, past) for row in rows if (past := self._crossed(row, used)) is not None]
        new = [(session, past) for session, past in found if (session, past.act.value, past.reason) not in known]
        if new:
            with self._store.writing() as connection:
                for session, past in new:
                    wish(connection, session, past.act, reason=past.reason, by="radius", now=now)
        self._since = int(now) - _OVERLAP
        return len(new)

    def _crossed(self, row: Row[Any], used: dict[str, Usage]) -> Crossed | None:
        site = self._sites.site.get(row.site)
        return None if site is None else crossed(self._sites.policy_of(site), used[row.device_day])


def _changed(connection: Connection, since: int, now: float) -> list[Row[Any]]:
    query = (
        select(sessions.c.id, sessions.c.site, sessions.c.device_day)
        .select_from(sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas))
        .where(presence.is_open(now), sessions.c.device_day.is_not(None), sessions.c.changed_at >= since)
    )
    return list(connection.execute(query))


def _used(connection: Connection, devices: set[str]) -> dict[str, Usage]:
    octets = func.sum(sessions.c.input_octets + sessions.c.output_octets)
    query = (
        select(sessions.c.device_day, func.sum(sessions.c.seconds), octets)
        .where(sessions.c.device_day.in_(devices))
        .group_by(sessions.c.device_day)
    )
    return {day: Usage(int(seconds), int(total)) for day, seconds, total in connection.execute(query)}


def _wished(connection: Connection, some: set[int]) -> set[tuple[int, str, str]]:
    """What was wished before is not wished again, whatever became of it."""
    query = select(wishes.c.session, wishes.c.act, wishes.c.reason).where(wishes.c.session.in_(some))
    return {(row.session, row.act, row.reason) for row in connection.execute(query)}
