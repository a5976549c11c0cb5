"""Which acknowledged reports the database does not hold, and which stays it holds twice or counts wrongly: by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import RowMapping, func, select

from hotspot.tables import sessions, usage_hours
from tests.chaos.fleet import ADDRESS, CAUSE, INPUT, OUTPUT, Report
from tests.integration.radius.conftest import Town

_FACTS = ("generation", "started_at", "last_seen_at", "seconds", "input_octets", "output_octets", "stopped_at")
_COLUMNS = [sessions.c[name] for name in ("acct_session_id", "nas", "address", "stop_cause", *_FACTS)]


def findings(town: Town, acknowledged: set[Report]) -> list[str]:
    """A sentence for each record that is lost, doubled or miscounted; none when all is well."""
    rows: defaultdict[str, list[RowMapping]] = defaultdict(list)
    with town.store.reading() as connection:
        for row in connection.execute(select(*_COLUMNS)).mappings():
            rows[row["acct_session_id"]].append(row)
    return [*_missing(acknowledged, rows), *_doubled(rows), *_miscounted(town)]


def _missing(acknowledged: set[Report], rows: dict[str, list[RowMapping]]) -> Iterator[str]:
    """Whatever row of the stay holds a report's trace."""
    for session, kind in sorted(acknowledged):
        stay = rows.get(session, [])
        if not any(_holds(row, kind) for row in stay):
            yield f"missing: the {kind} of {session}; the database has {_told(stay)}"


def _holds(row: RowMapping, kind: str) -> bool:
    trace = {
        "start": row["address"] == ADDRESS,
        "interim": row["output_octets"] == OUTPUT,
        "stop": row["stop_cause"] == CAUSE and row["input_octets"] == INPUT,
    }
    return bool(trace[kind])


def _doubled(rows: dict[str, list[RowMapping]]) -> Iterator[str]:
    for session, stay in sorted(rows.items()):
        if len(stay) > 1:
            yield f"doubled: {session}; the database has {_told(stay)}"


def _miscounted(town: Town) -> Iterator[str]:
    """Octets of a NAS that were credited twice or never; in units of one report's, so that each counts."""
    for name, unit in (("input_octets", INPUT), ("output_octets", OUTPUT)):
        stays = select(sessions.c.nas, func.sum(sessions.c[name])).group_by(sessions.c.nas)
        hours = select(usage_hours.c.nas, func.sum(usage_hours.c[name])).group_by(usage_hours.c.nas)
        with town.store.reading() as connection:
            booked = {nas: int(octets) for nas, octets in connection.execute(stays)}
            credited = {nas: int(octets) for nas, octets in connection.execute(hours)}
        for nas in sorted(booked):
            wrong = credited.get(nas, 0) - booked[nas]
            yield from (f"miscounted: {nas} {name}, {wrong:+} octets in all" for _ in range(abs(wrong) // unit))


def _told(stay: Iterable[RowMapping]) -> str:
    return "; ".join(", ".join(f"{name} {row[name]}" for name in _FACTS) for row in stay) or "nothing"
