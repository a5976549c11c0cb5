"""``hotspot restore``: a backup looked at whole, then put into an empty place; nothing is ever overwritten."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, table

from hotspot.backup import postgres_dump, pseudonyms, rest, sqlite_file
from hotspot.backup.archive import About, digest, unseal
from hotspot.backup.content import AUDIT_ANCHOR
from hotspot.backup.making import SECRETS, SITES, key_of, workshop
from hotspot.command import FINE, OperatorError, Settings
from hotspot.log import start_log
from hotspot.nightly import job, runs
from hotspot.pseudonym import KeyRing
from hotspot.running import alone
from hotspot.sites import Sites, load
from hotspot.store import Store, distant_store, known_versions, open_store, upgrade
from hotspot.up import OWN_KEYS

STEP = "restore"


def restore(settings: Settings, source: Path) -> int:
    """Look at all of it first; with ``--check`` only say whether it could be restored, and what it is."""
    start_log("restore", settings.log_level)
    secret = key_of(settings)
    if not source.is_file():
        raise OperatorError(f"there is no backup at {source}")
    with workshop(settings) as folder:
        about = unseal(source, secret, folder)
        if settings.check:
            print(f"{source} is whole: {_words(about, folder)}")
            return FINE
        with alone(settings.run_folder, "up", "stop it first"):
            rest.refuse_while_running(settings.run_folder)
            _restore(settings, about, folder)
        print(f"Restored {_words(about, folder)}")
    return FINE


def _restore(settings: Settings, about: About, folder: Path) -> None:
    _refuse_other_keys(settings, folder)
    place = distant_store(settings.database)
    try:
        _fill(place, about, folder)
    finally:
        place.close()
    _put_files(settings, folder)
    sites = load(settings.sites)
    store = open_store(settings.database)
    try:
        _compare(store, about)
        upgrade(store)
        _settle(settings, sites, store, about)
    finally:
        store.close()


def _fill(place: Store, about: About, folder: Path) -> None:
    kind = place.engine.dialect.name
    if about.database != kind:
        raise OperatorError(f"this is a backup of {about.database}, and HOTSPOT_DATABASE names {kind}")
    if about.schema not in known_versions():
        raise OperatorError(f"this is a backup of schema {about.schema}; restore it with the version that made it")
    how = sqlite_file if place.is_sqlite else postgres_dump
    rest.refuse_while_used(place.engine)
    how.refuse_to_overwrite(place.engine)
    how.restore(place.engine, folder)


def _refuse_other_keys(settings: Settings, folder: Path) -> None:
    """Vouchers, second factors and signed links are good for nothing under another key."""
    for name in OWN_KEYS:
        kept, here = folder / SECRETS / name, settings.secrets.folder / name
        if kept.exists() and here.exists() and kept.read_bytes() != here.read_bytes():
            raise OperatorError(
                f"the {name} in {here} is not the backup's; move it away first: mv {here} {here}.before"
            )


def _put_files(settings: Settings, folder: Path) -> None:
    """What is there stays: a secret that was changed since is the right one."""
    settings.secrets.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for kept in sorted((folder / SECRETS).glob("*")):
        _put(kept, settings.secrets.folder / kept.name, 0o600)
    _put(folder / SITES, settings.sites, 0o644)


def _put(kept: Path, place: Path, mode: int) -> None:
    if not place.exists():
        place.touch(mode=mode)
        shutil.copyfile(kept, place)
    elif digest(kept) != digest(place):
        print(f"kept as it is: {place} (the backup has another)")


def _compare(store: Store, about: About) -> None:
    with store.reading() as connection:
        for name, rows in about.rows.items():
            found = connection.execute(select(func.count()).select_from(table(name))).scalar_one()
            if found != rows:
                raise OperatorError(f"table {name} has {found} rows and the backup {rows}; use another backup")


def _settle(settings: Settings, sites: Sites, store: Store, about: About) -> None:
    """Keys that ended stay ended, and what was to be forgotten since then does not live again for an hour."""
    clock = settings.clock(sample=sites.sample)
    now = int(clock.now())
    with store.writing() as connection:
        pseudonyms.settle(connection, KeyRing(settings.state / "keys"), sites.timezone, now)
    anchor = settings.state / AUDIT_ANCHOR
    if anchor.exists():
        anchor.rename(anchor.with_name(f"{AUDIT_ANCHOR}.before-{now}"))
    run = runs.begin(store, STEP, now)
    runs.finish(store, run, f"{runs.OK}of the backup made at {about.made_at}", now)
    if job.run(settings, sites, store, clock) != FINE:
        print("The nightly job had trouble; its lines above say why. Run it again: hotspot nightly")


def _words(about: About, folder: Path) -> str:
    zone = load(folder / SITES).timezone
    made = datetime.fromtimestamp(about.made_at, zone)
    return (
        f"{about.office}, {about.database}, schema {about.schema}, made at {made:%Y-%m-%d %H:%M}: "
        f"{sum(about.rows.values()):,} rows, {sum(name.startswith(SECRETS) for name in about.files)} secrets"
    )
