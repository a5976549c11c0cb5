"""``hotspot backup``: the database without persons, the secrets and sites.yaml, as one sealed file."""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotspot.backup import postgres_dump, sqlite_file
from hotspot.backup.archive import About, digest, seal
from hotspot.command import FINE, OperatorError, Settings
from hotspot.log import event, start_log
from hotspot.nightly import devices, runs
from hotspot.nightly.step import Task
from hotspot.pseudonym import KeyRing
from hotspot.running import alone
from hotspot.secret import Secret, SecretMissing
from hotspot.sites import Sites, load
from hotspot.store import Store, open_current_store, schema_version

KEY = "backup-key"
STEP = "backup"
SITES = "sites.yaml"
SECRETS = "secrets"
KEPT_DAYS = 14
_NAME = re.compile(r"hotspot-(\d{4}-\d\d-\d\dT\d{6}Z)\.backup")
_FORM = "%Y-%m-%dT%H%M%SZ"

log = logging.getLogger(__name__)


def new_key(settings: Settings) -> int:
    """Make the key and show it this once: a backup without it is lost."""
    if not settings.secrets.make(KEY):
        raise OperatorError(f"there is a {KEY} already; backups that were made with it need it, so it stays")
    print(settings.secrets.read(KEY).reveal())
    print("Write this key down and keep it away from this machine: nothing opens a backup without it.")
    return FINE


def make(settings: Settings, folder: Path | None, kept_days: int) -> int:
    """Write one backup and forget those that are older than ``kept_days``; with ``--check`` only say that it could."""
    start_log("backup", settings.log_level)
    sites, secret = load(settings.sites), key_of(settings)
    folder = folder or settings.state / "backups"
    store = open_current_store(settings.database)
    try:
        if not store.is_sqlite:
            postgres_dump.program("pg_dump")
        if settings.check:
            print(f"backup: the key, the database and {settings.sites} are fine; backups go to {folder}")
            return FINE
        with alone(settings.run_folder, "backup", "wait until it ends"):
            path = _make(settings, sites, store, secret, folder)
    finally:
        store.close()
    gone = _forget(folder, path, kept_days)
    print(f"{path} ({path.stat().st_size:,} octets, sha256 {digest(path)}); {gone} older ones deleted")
    return FINE


def key_of(settings: Settings) -> Secret:
    try:
        return settings.secrets.read(KEY)
    except SecretMissing as missing:
        raise OperatorError(f"{missing}; a first one is made by: hotspot backup --new-key") from None


@contextmanager
def workshop(settings: Settings) -> Iterator[Path]:
    """A folder beside the database, as closed as that, for what is in clear for a moment."""
    settings.state.mkdir(mode=0o750, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".backup-", dir=settings.state))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _make(settings: Settings, sites: Sites, store: Store, secret: Secret, folder: Path) -> Path:
    """One that fails is written down as that; the alarm looks at those that went well."""
    clock = settings.clock(sample=sites.sample)
    now = clock.now()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"hotspot-{datetime.fromtimestamp(now, UTC):{_FORM}}.backup"
    if path.exists():
        raise OperatorError(f"{path} was made within this second; try again")
    run = runs.begin(store, STEP, int(now))
    try:
        # The MACs stay behind, so the devices that nobody has noted yet are noted now.
        devices.note(Task(store, sites, KeyRing(settings.state / "keys"), int(now)))
        with workshop(settings) as inside:
            about = _gather(settings, sites, store, inside, int(now))
            seal(path, secret, about, inside)
    except Exception as error:
        runs.finish(store, run, f"{runs.FAILED}{type(error).__name__}", int(clock.now()))
        raise
    runs.finish(store, run, f"{runs.OK}{path.name}", int(clock.now()))
    event(log, logging.INFO, "backup made", file=path.name)
    return path


def _gather(settings: Settings, sites: Sites, store: Store, inside: Path, now: int) -> About:
    """Everything into one folder, and the page that tells of it."""
    rows = (sqlite_file if store.is_sqlite else postgres_dump).dump(store, inside)
    _add_files(settings, inside)
    files = {str(one.relative_to(inside)): digest(one) for one in sorted(inside.rglob("*")) if one.is_file()}
    kind = store.engine.dialect.name
    return About(now, kind, schema_version(store) or "", sites.office.short, rows, files)


def _add_files(settings: Settings, inside: Path) -> None:
    """Secrets as files, all but the key of the backup itself; ``keys`` never: its files must end on their day."""
    shutil.copyfile(settings.sites, inside / SITES)
    (inside / SECRETS).mkdir(mode=0o700)
    if settings.secrets.folder.is_dir():
        for one in settings.secrets.folder.iterdir():
            if one.is_file() and one.name != KEY:
                shutil.copyfile(one, inside / SECRETS / one.name)


def _forget(folder: Path, newest: Path, kept_days: int) -> int:
    """Only files of our own name, by the time in it; what visitors had deleted since must not live on there."""
    limit = _time_of(newest) - timedelta(days=kept_days)
    old = [one for one in folder.iterdir() if _NAME.fullmatch(one.name) and _time_of(one) < limit]
    for one in old:
        one.unlink()
    return len(old)


def _time_of(path: Path) -> datetime:
    found = _NAME.fullmatch(path.name)
    return datetime.strptime(found[1], _FORM).replace(tzinfo=UTC) if found else datetime.max.replace(tzinfo=UTC)
