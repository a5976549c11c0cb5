"""Sessions whose client may not go on as it does: each is wished to be slowed or ended, once.

A NAS knows the limits that its Accept told; it knows nothing of a slower speed that begins in the middle or of what the
same client uses elsewhere, which come to light with the next report; nor of a block, of a voucher that is taken back or
of a site that closes early, for which all sessions are looked at as soon as it is so (radius/leave.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, not_, or_, select

from hotspot import presence, standing
from hotspot.allowance import Limits, Own, Usage, left, limits
from hotspot.clock import day_bounds, local_day
from hotspot.doors import Event, doors
from hotspot.mac import Mac
from hotspot.policy import SHORTEST_VISIT, Block, Reason, policy_now
from hotspot.sites import Sites
from hotspot.sites.model import Policy
from hotspot.store import Store
from hotspot.tables import nas_facts, sessions, wishes
from hotspot.wishes import Act, Outcome, wish
from radius.leave import Leave, leave

_STATE = ("changed_at", "seconds", "input_octets", "output_octets")  # none stays as it is when a report says more
_OVERLAP = 60  # seconds looked back: a row may be committed after its own time
_MOST = 1000  # sessions at a time: a statement has no more room for parameters


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
    """Looks at the open sessions that changed since its last look; at all of them when leave was taken away."""

    def __init__(self, store: Store, sites: Sites, client_of: Callable[[Mac], str]) -> None:
        """``client_of``: the client that a phone is by itself, whatever it came in with."""
        self._store = store
        self._sites = sites
        self._client_of = client_of
        self._since = 0
        self._looked_at: dict[int, tuple[int, ...]] = {}  # those that the next look will meet again, as they were
        self._leave: Leave | None = None

    def adopt(self, sites: Sites, client_of: Callable[[Mac], str]) -> None:
        """Go on by what sites.yaml says now, which may have other hours."""
        self._sites, self._client_of = sites, client_of
        self._leave = None

    def has_news(self, now: float) -> bool:
        """Whether a block, a closing or a voucher taken back has come since the last look."""
        with self._store.reading() as connection:
            return leave(connection, self._sites, now) != self._leave

    def sweep(self, now: float) -> int:
        """How many wishes it made."""
        with self._store.reading() as connection:
            stands = leave(connection, self._sites, now)
            since, known = (self._since, self._looked_at) if stands == self._leave else (0, {})
            rows = [row for row in _changed(connection, since, now) if row.site in self._sites.site]
        new = [row for row in rows if known.get(row.id) != _state(row)]
        looks = [self._look(new[at : at + _MOST], now) for at in range(0, len(new), _MOST)]
        self._since, self._leave = int(now) - _OVERLAP, stands
        # Those that may not go on are looked at again: what is wished of them may be in vain.
        past = {session for _, some in looks for session in some}
        self._looked_at = {row.id: _state(row) for row in rows if row.changed_at >= self._since and row.id not in past}
        return sum(made for made, _ in looks)

    def _look(self, rows: Sequence[Row[Any]], now: float) -> tuple[int, list[int]]:
        """How many wishes it made, and the sessions that may not go on."""
        with self._store.reading() as connection:
            found = self._findings(connection, rows, now)
        past = [(row.id, one) for row in rows if (one := self._crossed(row, found, now)) is not None]
        new = [(session, one) for session, one in past if (session, one.act.value, one.reason) not in found.wished]
        if new:
            with self._store.writing() as connection:
                for session, one in new:
                    wish(connection, session, one.act, reason=one.reason, by="radius", now=now)
        return len(new), [session for session, _ in past]

    def _findings(self, connection: Connection, rows: Sequence[Row[Any]], now: float) -> _Findings:
        clients = {row.client for row in rows}
        phones = {self._client_of(Mac(row.mac)) for row in rows if row.mac and row.way != "tap"}
        return _Findings(
            used=self._used(connection, rows),
            blocks=standing.blocked(connection, clients | phones, now),
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
        if found.blocks and self._is_blocked(row, found):
            return Crossed(Act.END, Reason.BLOCKED.value)
        if own is not None and (own.revoked or now >= own.ends_at):
            return Crossed(Act.END, Reason.CODE_EXPIRED.value)
        if not doors(site.hours.daily, events, now, self._sites.timezone).are_open:
            return Crossed(Act.END, Reason.CLOSED.value)
        used = found.used.get((row.client, row.way or "tap", self._day(row)), Usage())
        return crossed(policy_now(self._sites, site, events, now), used, own)

    def _is_blocked(self, row: Row[Any], found: _Findings) -> bool:
        return row.client in found.blocks or (row.mac is not None and self._client_of(Mac(row.mac)) in found.blocks)


def _changed(connection: Connection, since: int, now: float) -> list[Row[Any]]:
    columns = (sessions.c[name] for name in ("id", "site", "client", "mac", "way", "started_at", *_STATE))
    query = (
        select(*columns)
        .select_from(sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas))
        .where(presence.is_open(now), sessions.c.client.is_not(None), sessions.c.changed_at >= since)
    )
    return list(connection.execute(query))


def _state(row: Row[Any]) -> tuple[int, ...]:
    return tuple(row[-len(_STATE) :])


def _wished(connection: Connection, some: set[int]) -> set[tuple[int, str, str]]:
    """What was wished before is not wished again, unless its NAS said nothing then and has reported since."""
    in_vain = and_(
        wishes.c.outcome.in_((Outcome.UNANSWERED.value, Outcome.UNTRUE.value)),
        sessions.c.last_seen_at > wishes.c.finished_at,
    )
    query = (
        select(wishes.c.session, wishes.c.act, wishes.c.reason)
        .join_from(wishes, sessions, sessions.c.id == wishes.c.session)
        .where(wishes.c.session.in_(some), or_(wishes.c.finished_at.is_(None), not_(in_vain)))
    )
    return {(row.session, row.act, row.reason) for row in connection.execute(query)}
