"""The record of each run of each step: the retention metric and the office's proof of destruction read it."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select, update

from hotspot.store import Store
from hotspot.tables import nightly_runs

RUNNING = "running"
OK = "ok: "
FAILED = "failed: "


def begin(store: Store, step: str, now: int) -> int:
    with store.writing() as connection:
        added = connection.execute(
            insert(nightly_runs).values(step=step, began_at=now, finished_at=None, outcome=RUNNING)
        )
        key = added.inserted_primary_key
    if key is None:  # pragma: no cover - both databases give the key of a single inserted row
        raise LookupError(step)
    return int(key[0])


def finish(store: Store, run: int, outcome: str, now: int) -> None:
    with store.writing() as connection:
        connection.execute(
            update(nightly_runs).where(nightly_runs.c.id == run).values(finished_at=now, outcome=outcome)
        )


def last_success(connection: Connection, step: str) -> int | None:
    """When the last run of a step that ended well began."""
    began = func.max(nightly_runs.c.began_at)
    went_well = nightly_runs.c.outcome.startswith(OK)
    found = connection.execute(select(began).where(nightly_runs.c.step == step, went_well)).scalar_one()
    return None if found is None else int(found)
