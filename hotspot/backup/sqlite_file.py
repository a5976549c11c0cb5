"""SQLite, copied while it is written to (its online backup API), emptied in the copy, and put in its place again."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.dialects import sqlite

from hotspot.backup.content import EMPTIED, LEFT_OUT, cleaned
from hotspot.command import OperatorError
from hotspot.store import Store
from hotspot.tables import metadata

FILE = "database/hotspot.db"


def dump(store: Store, folder: Path) -> dict[str, int]:
    """Copy page by page, then take out what must not be kept; how many rows each table has."""
    target, raw = folder / FILE, folder / "raw.db"
    target.parent.mkdir(mode=0o700, parents=True)
    raw.touch(mode=0o600)
    with closing(sqlite3.connect(_path(store.engine))) as source, closing(sqlite3.connect(raw)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        for statement in _cleaning():
            copy.execute(statement)
        copy.commit()
        copy.execute("VACUUM INTO ?", (str(target),))  # a file of its own, without the pages that are free now
        counts = {name: copy.execute(f"SELECT count(*) FROM {name}").fetchone() for name in metadata.tables}  # noqa: S608
    raw.unlink()
    return {name: int(count) for name, (count,) in counts.items()}


def restore(engine: Engine, folder: Path) -> None:
    """Put the file in its place; nothing may be there. It appears whole or not at all."""
    place = Path(_path(engine))
    place.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.restoring")
    shutil.copyfile(folder / FILE, draft)
    draft.chmod(0o640)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    for side in ("-wal", "-shm"):  # of a database that is gone; SQLite would play it into this one
        place.with_name(place.name + side).unlink(missing_ok=True)
    draft.replace(place)


def refuse_to_overwrite(engine: Engine) -> None:
    place = Path(_path(engine))
    if not place.exists() or place.stat().st_size == 0:
        return
    raise OperatorError(
        f"there is a database at {place}, and a restore overwrites nothing; if it is to go, move it away first: "
        f"mv {place} {place}.before"
    )


def _cleaning() -> list[str]:
    here = sqlite.dialect()
    emptying = [cleaned(name).compile(dialect=here, compile_kwargs={"literal_binds": True}) for name in EMPTIED]
    return [*(f"DELETE FROM {name}" for name in LEFT_OUT), *(str(one) for one in emptying)]  # noqa: S608 - our own


def _path(engine: Engine) -> str:
    if not engine.url.database or engine.url.database == ":memory:":
        raise OperatorError("a database in memory cannot be kept or restored; use sqlite:///PATH")
    return engine.url.database
