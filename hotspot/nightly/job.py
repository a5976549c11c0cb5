"""One run of all steps in order: each recorded, none stopped by another's failure, which the exit code tells."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import DBAPIError, StatementError

from hotspot.clock import Clock
from hotspot.command import FINE, OPERATOR, Settings
from hotspot.log import event, masked, start_log
from hotspot.nightly import days, devices, drafts, erase, expiry, keys, months, runs, scrub
from hotspot.nightly.step import Step, Task
from hotspot.pseudonym import KeyRing
from hotspot.running import alone
from hotspot.sites import Sites, load
from hotspot.store import Store, open_current_store

# Devices are noted before MACs go; days are counted before sessions go; figures of a month before its key goes.
STEPS: tuple[tuple[str, Step], ...] = (
    (devices.STEP, devices.note),
    (days.STEP, days.roll),
    ("scrub", scrub.scrub),
    ("erase", erase.erase),
    ("expiry", expiry.expire),
    ("months", months.close),
    ("keys", keys.destroy),
)

log = logging.getLogger(__name__)


def main_with(settings: Settings) -> int:
    """Open what the settings name and run; with ``--check`` only say that it could."""
    start_log("nightly", settings.log_level)
    sites = load(settings.sites)
    clock = settings.clock(sample=sites.sample)
    store = open_current_store(settings.database)
    try:
        if settings.check:
            print(f"nightly: {settings.sites} and the database are fine")
            return FINE
        went_well = run(settings, sites, store, clock)
        return max(went_well, _draft(settings, sites, store, clock))
    finally:
        store.close()


def run(settings: Settings, sites: Sites, store: Store, clock: Clock) -> int:
    """Run every step; the exit code is 1 when one of them failed."""
    ring = KeyRing(settings.state / "keys")
    with alone(settings.run_folder, "nightly", "wait until it ends"):  # two would count into each other's hands
        went_well = [_attempt(name, step, Task(store, sites, ring, int(clock.now())), clock) for name, step in STEPS]
    return FINE if all(went_well) else OPERATOR


def _draft(settings: Settings, sites: Sites, store: Store, clock: Clock) -> int:
    """After all that counts and forgets, and never in its way."""
    task = Task(store, sites, KeyRing(settings.state / "keys"), int(clock.now()))
    return FINE if _attempt(drafts.STEP, lambda task: drafts.draft(settings, task), task, clock) else OPERATOR


def _attempt(name: str, step: Step, task: Task, clock: Clock) -> bool:
    number = None
    try:
        number = runs.begin(task.store, name, task.now)
        outcome = runs.OK + step(task)
        runs.finish(task.store, number, outcome, int(clock.now()))
    except Exception as error:  # noqa: BLE001 - whatever breaks one step, the others must still run
        outcome = runs.FAILED + _reason(error)
        event(log, logging.ERROR, f"nightly step {name} {outcome}")
        with suppress(DBAPIError):
            if number is not None:
                runs.finish(task.store, number, outcome, int(clock.now()))
        return False
    event(log, logging.INFO, f"nightly step {name} {outcome}")
    return True


def _reason(error: Exception) -> str:
    """What went wrong in one line; a database's own error without the values of its statement, which may be MACs."""
    if isinstance(error, StatementError):
        return str(error.orig).strip().splitlines()[0]
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    line = f" ({Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno})" if where else ""
    return masked(f"{type(error).__name__}{line}: {error}")
