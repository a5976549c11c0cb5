"""A year of sessions that never were, loaded as fast as the database takes it, then counted as the job counts."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, text

from hotspot.clock import day_bounds, local_day, local_month
from hotspot.nightly import days
from hotspot.nightly.step import Task
from hotspot.pseudonym import KeyRing
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import nightly_runs, sessions, site_months, town_months, usage_hours

DAY, HOUR = 86_400, 3600
NULL = r"\N"
Row = tuple[str | int | None, ...]
COLUMNS = (
    *("uid", "generation", "nas", "site", "acct_session_id", "way", "random_mac", "device_day"),
    *("started_at", "last_seen_at", "seconds", "input_octets", "output_octets", "stopped_at", "stop_cause"),
    *("interim", "counted_input", "counted_output", "first_received_at", "changed_at", "scrubbed_at"),
)
# How much of a day's visits begins in each of its hours.
WEIGHTS = (1, 1, 0, 0, 1, 3, 5, 7, 8, 9, 10, 10, 11, 10, 10, 12, 16, 20, 26, 30, 28, 20, 10, 3)


@dataclass(frozen=True)
class History:
    """``size`` sessions over ``length`` days up to the midnight ``end``; it is eight in the evening of the last day."""

    size: int
    end: int
    length: int = 365
    seed: int = 3306

    @property
    def now(self) -> int:
        return self.end - 4 * HOUR

    @property
    def start(self) -> int:
        return self.end - self.length * DAY


def load(store: Store, sites: Sites, history: History) -> None:
    """Indexes are built after the load, as one does; then ANALYZE, so that the planner knows what it has."""
    indexes = list(sessions.indexes)
    with store.writing() as connection:
        for index in indexes:
            index.drop(connection)
    raw = store.engine.raw_connection()
    octets: defaultdict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    try:
        (_insert if store.is_sqlite else _copy)(raw.cursor(), _rows(sites, history, octets))
        raw.commit()
    finally:
        raw.close()
    with store.writing() as connection:
        for index in indexes:
            index.create(connection)
    rows = [
        {"site": site, "nas": nas, "hour": hour, "corrects": "", "input_octets": up, "output_octets": down}
        for (site, nas, hour), (up, down) in octets.items()
    ]
    _put(store, usage_hours, rows)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if store.is_sqlite else "VACUUM ANALYZE"))


def _copy(cursor: Any, rows: Iterator[Row]) -> None:
    with cursor.copy(f"COPY sessions ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        while lines := ["\t".join(NULL if cell is None else str(cell) for cell in row) for row in islice(rows, 10_000)]:
            copy.write("\n".join(lines) + "\n")


def _insert(cursor: Any, rows: Iterator[Row]) -> None:
    cursor.execute("BEGIN")  # the store's connections commit each statement unless they are told otherwise
    cursor.executemany(f"INSERT INTO sessions ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})", rows)  # noqa: S608 - names of ours


def _rows(sites: Sites, history: History, octets: dict[tuple[str, str, int], list[int]]) -> Iterator[Row]:
    """One row a session, in the order of time."""
    chance = random.Random(history.seed)  # noqa: S311 - the same year each time, no secret
    places = [(nas.site, nas.id) for nas in sites.nases]
    hours = list(range(24))
    a_day = history.size // history.length
    for number in range(history.size):
        start = history.start + number // a_day * DAY
        site, nas = places[int(chance.random() * len(places))]
        began = start + chance.choices(hours, WEIGHTS)[0] * HOUR + int(chance.random() * HOUR)
        if began >= history.now:
            began -= 4 * HOUR
        lasted, down = int(chance.expovariate(1 / 1800)) + 30, int(chance.expovariate(1 / 4e7))
        until, up, device = began + lasted, down // 10, int(chance.random() * a_day * 0.6)
        stopped = until <= history.now
        until = min(until, history.now)
        used = octets[site, nas, began // HOUR * HOUR]
        used[0] += up
        used[1] += down
        yield (
            *(f"b{number}", 0, nas, site, f"s{number}", "tap", int(device % 4 > 0)),
            *(f"{device:016x}{began // DAY:04x}", began, until, lasted, up, down, until if stopped else None),
            *(1, 300, up, down, began, until, until),
        )


def roll_up(store: Store, sites: Sites, history: History) -> None:
    """What a year of hourly runs would have left behind, counted by the nightly job's own code a month at a time."""
    task = Task(store, sites, KeyRing(Path()), history.now)
    zone = sites.timezone
    names = sorted({local_day(at, zone) for at in range(history.start, history.end, DAY)})
    for month in sorted({name[:7] for name in names}):
        for site in sites.site:
            with store.reading() as connection:
                counted = days.recount(connection, sites, [(site, day) for day in names if day[:7] == month])
            with store.writing() as connection:
                for site_day, of_day in counted.items():
                    days.save(connection, site_day, of_day, task)
    months = sorted({local_month(at, sites.timezone) for at in range(history.start, history.end, DAY)})
    devices = history.size // history.length * 6
    each = {"devices": devices, "seen_again": devices // 3, "rolled_at": history.now}
    _put(store, site_months, [{"site": site, "month": month, **each} for site in sites.site for month in months])
    _put(store, town_months, [{"month": month, **each, "across": devices // 9} for month in months])
    run = {"began_at": history.now, "finished_at": history.now, "outcome": "ok: bench"}
    _put(store, nightly_runs, [{"step": step, **run} for step in (days.STEP, "devices")])


def _put(store: Store, table: Table, rows: list[dict[str, Any]]) -> None:
    with store.writing() as connection:
        for first in range(0, len(rows), 10_000):
            connection.execute(insert(table), rows[first : first + 10_000])


def last_full_month(sites: Sites, history: History) -> str:
    first = day_bounds(local_month(history.now, sites.timezone) + "-01", sites.timezone)[0]
    return local_month(first - DAY, sites.timezone)
