"""Where the audit log stood last, kept in a file: a log that is cut at its end, or written anew, no longer fits it.

The chain alone cannot tell: a shorter chain is whole too. Whoever changes the database seldom holds this machine's
state folder as well; and each day's head also goes to the service's log, which may lie on a third.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from hotspot.backup.content import AUDIT_ANCHOR
from hotspot.tables import audit

FILE = AUDIT_ANCHOR


@dataclass(frozen=True)
class Anchor:
    """The last entry of a moment that was seen to be whole."""

    number: int
    hash: str
    at: int


@dataclass(frozen=True)
class Lost:
    """What no longer fits: the entry that the log had, and when."""

    anchor: Anchor
    exchanged: bool


def read(path: Path) -> Anchor | None:
    """None where none was written yet; a file that is no anchor is as good as none."""
    try:
        return Anchor(**json.loads(path.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write(path: Path, anchor: Anchor) -> None:
    """At once and whole, also when two workers write."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(json.dumps(asdict(anchor)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def head(connection: Connection, at: int) -> Anchor | None:
    """The log's last entry now."""
    row = connection.execute(select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
    return Anchor(row.id, row.hash, at) if row else None


def lost(connection: Connection, anchor: Anchor | None, now: int, kept: int) -> Lost | None:
    """Whether the log still has what it had; entries that retention took (older than ``kept``) are no loss."""
    if anchor is None:
        return None
    found = connection.execute(select(audit.c.hash).where(audit.c.id == anchor.number)).scalar()
    if found is not None:
        return None if found == anchor.hash else Lost(anchor, exchanged=True)
    oldest = connection.execute(select(func.min(audit.c.id))).scalar()
    aged = anchor.at < now - kept and (oldest is None or oldest > anchor.number)
    return None if aged else Lost(anchor, exchanged=False)


def keep(connection: Connection, path: Path, now: int, kept: int) -> Anchor | Lost | None:
    """Move the anchor to the log's head unless something was lost; what it is now, or None for an empty log."""
    before = read(path)
    if gone := lost(connection, before, now, kept):
        return gone
    here = head(connection, now)
    if here is None or (before and before.number == here.number):
        return before
    write(path, here)
    return here
