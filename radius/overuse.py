"""Sessions whose client may not go on as it does: each is wished to be slowed or ended, once.

A NAS knows the limits that its Accept told; it knows nothing of a slower speed that begins in the middle, of what the
same client uses elsewhere, of a block or of a site that closes early. All come to light with the next report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from hotspot import presence, standing
from hotspot.allowance import Limits, Own, Usage, left, limits
from hotspot.clock import day_bounds, local_day
from hotspot.doors import Event, doors, policy_at
from hotspot.policy import SHORTEST_VISIT, Block, Reason
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


def crossed(policy: Policy, used: Usage, own: Own | None = None) -> Crossed | None:
    allowance = left(policy, used, own)
    if allowance.seconds <= 0:
        return Crossed(Act.END, Reason.TIME_USED.value)
    if allowance.slowed:
        return Crossed(Act.LIMIT, Reason.DATA_USED.value)
    return Crossed(Act.END, Reason.DATA_USED.value) if allowance.octets <= 0 else None


def limits_left(policy: Policy, used: Usage, seconds: int, own: Own | None = None) -> Limits:
    """What a client may still have in a session that is promised ``seconds`` more."""
    return limits(policy, left(policy, used, own), max(SHORTEST_VISIT, seconds), own)


@dataclass(slots=True)
class _Findings:
    """What the store says of the clients of some sessions; usage by client, way and local day."""

    used: Mapping[tuple[str, str, str], Usage]
    blocks: Mapping[str, Block]
    own: Mapping[str, Own]
    events: Mapping[str, Sequence[Event]]
    wished: set[tuple[int, str, str]]


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
            rows = [row for row in _changed(connection, self._since, now) if row.site in self._sites.site]
            found = self._findings(connection, rows, now)
        past = [(row.id, one) for row in rows if (one := self._crossed(row, found, now)) is not None]
        new = [(session, one) for session, one in past if (session, one.act.value, one.reason) not in found.wished]
        if new:
            with self._store.writing() as connection:
                for session, one in new:
                    wish(connection, session, one.act, reason=one.reason, by="radius", now=now)
        self._since = int(now) - _OVERLAP
        return len(new)

    def _findings(self, connection: Connection, rows: Sequence[Row[Any]], now: float) -> _Findings:
        clients = {row.client for row in rows}
        return _Findings(
            used=self._used(connection, rows),
            blocks=standing.blocked(connection, clients, now),
            own=standing.own_of(connection, {row.client for row in rows if row.way == "voucher"}),
            events=standing.events(connection, {row.site for row in rows}, now) if rows else {},
            wished=_wished(connection, {row.id for row in rows}),
        )

    def _used(self, connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[str, str, str], Usage]:
        clients_of: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            clients_of[self._day(row)].add(row.client)
        return {
            (client, way, day): usage
            for day, some in clients_of.items()
            for (client, way), usage in presence.used_since(
                connection, some, *day_bounds(day, self._sites.timezone)
            ).items()
        }

    def _day(self, row: Row[Any]) -> str:
        return local_day(row.started_at, self._sites.timezone)

    def _crossed(self, row: Row[Any], found: _Findings, now: float) -> Crossed | None:
        site, own, events = self._sites.site[row.site], found.own.get(row.client), found.events.get(row.site, ())
        if row.client in found.blocks:
            return Crossed(Act.END, Reason.BLOCKED.value)
        if own is not None and (own.revoked or now >= own.ends_at):
            return Crossed(Act.END, Reason.CODE_EXPIRED.value)
        if not doors(site.hours.daily, events, now, self._sites.timezone).are_open:
            return Crossed(Act.END, Reason.CLOSED.value)
        name = policy_at(events, now)
        policy = self._sites.policies.get(name or "", self._sites.policy_of(site))
        used = found.used.get((row.client, row.way or "tap", self._day(row)), Usage())
        return crossed(policy, used, own)


def _changed(connection: Connection, since: int, now: float) -> list[Row[Any]]:
    query = (
        select(sessions.c.id, sessions.c.site, sessions.c.client, sessions.c.way, sessions.c.started_at)
        .select_from(sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas))
        .where(presence.is_open(now), sessions.c.client.is_not(None), sessions.c.changed_at >= since)
    )
    return list(connection.execute(query))


def _wished(connection: Connection, some: set[int]) -> set[tuple[int, str, str]]:
    """What was wished before is not wished again, whatever became of it."""
    query = select(wishes.c.session, wishes.c.act, wishes.c.reason).where(wishes.c.session.in_(some))
    return {(row.session, row.act, row.reason) for row in connection.execute(query)}
