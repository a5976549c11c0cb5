"""Logins as figures by the hour, and the latest refusals one by one, so that a person can be told why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from hotspot.policy import Reason
from hotspot.tables import login_hours, refusals
from radius.login import Accepted, Login, Refused
from radius.moments import moment
from radius.upsert import dialect_insert

MOST_PER_MINUTE = 600  # rows that a flood of refusals can make; the figures by the hour count them all


@dataclass(frozen=True, slots=True)
class Refusal:
    """One that was decided without asking the database, to be written down behind its reply."""

    nas: str
    site: str
    refused: Refused
    at: int


class Refusals:
    """Writes inside the caller's transaction."""

    def __init__(self) -> None:
        self._minute = 0
        self._written = 0

    def note(
        self,
        connection: Connection,
        decided: Sequence[tuple[Login, Accepted | Refused]],
        seen: Sequence[Refusal],
        now: float,
        zone: ZoneInfo,
    ) -> None:
        """A MAC that nobody remembers was no login: every phone that comes near is asked for so."""
        logins = [one for one in decided if getattr(one[1], "reason", None) is not Reason.UNKNOWN_CLIENT]
        refused = [Refusal(who.nas, who.site, one, int(now)) for who, one in logins if isinstance(one, Refused)]
        found = [*seen, *refused]
        if rows := [_row(refusal) for refusal in found[: self._room(now)]]:
            connection.execute(insert(refusals), rows)
            self._written += len(rows)
        results = [(login.site, outcome) for login, outcome in logins]
        _count(connection, [*results, *((refusal.site, refusal.refused) for refusal in seen)], now, zone)

    def _room(self, now: float) -> int:
        minute = int(now) // 60
        if minute != self._minute:
            self._minute, self._written = minute, 0
        return MOST_PER_MINUTE - self._written


def _row(refusal: Refusal) -> dict[str, Any]:
    refused = refusal.refused
    return {
        "nas": refusal.nas,
        "site": refusal.site,
        "mac": refused.mac,
        "client": refused.client,
        "grant_id": refused.grant_id,
        "way": refused.way,
        "reason": refused.reason.value,
        "refused_at": refusal.at,
    }


def _count(
    connection: Connection, results: Iterable[tuple[str, Accepted | Refused]], now: float, zone: ZoneInfo
) -> None:
    hour = moment(now, zone).hour
    sums = Counter((site, outcome.way or "none", _result(outcome)) for site, outcome in results)
    rows = [
        {"site": site, "hour": hour, "way": way, "result": result, "number": number}
        for (site, way, result), number in sorted(sums.items())
    ]
    if rows:
        added = dialect_insert(connection.dialect.name, login_hours)
        keys = [login_hours.c[name] for name in ("site", "hour", "way", "result")]
        more = {"number": login_hours.c.number + added.excluded.number}
        connection.execute(added.on_conflict_do_update(index_elements=keys, set_=more), rows)


def _result(outcome: Accepted | Refused) -> str:
    return outcome.reason.value if isinstance(outcome, Refused) else "accepted"
