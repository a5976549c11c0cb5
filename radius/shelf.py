"""The journals of one process: its own, and those that dead ones left; all that they hold waits for the database."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from hotspot.command import OperatorError
from radius.journal import START, SUFFIX, Journal

MOST_OCTETS = 256 * 1024 * 1024  # about a million reports
REFUSED = ".refused"


class Shelf:
    """Journals in the order of their birth. One thread appends at the end, another applies from the front."""

    def __init__(self, folder: Path, most_octets: int = MOST_OCTETS) -> None:
        self._folder = folder
        self._most = most_octets
        self._journals: list[Journal] = []
        self._applied_to: dict[str, int] = {}
        self._own: Journal | None = None
        self._refused: Journal | None = None
        self._lock = threading.Lock()

    def claim(self) -> None:
        """Take over what dead processes left behind."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = sorted(self._folder.glob("*" + SUFFIX))
            self._journals += [journal for path in found if (journal := Journal.take_over(path)) is not None]
        except OSError as error:
            raise OperatorError(
                f"the journal of accounting cannot be kept in {self._folder}: {error.strerror}; "
                "make it a folder that RADIUS may write"
            ) from None

    @property
    def is_empty(self) -> bool:
        return not self._journals

    @property
    def octets(self) -> int:
        """How much waits, in the journals of this process and of those that work beside it."""
        with self._lock:
            own = {one.path for one in self._journals}
            waiting = sum(one.end - self._applied_to.get(one.name, START) for one in self._journals)
        return waiting + sum(_size(path) for path in self._folder.glob("*" + SUFFIX) if path not in own)

    def append(self, records: Sequence[bytes]) -> None:
        """On disk when this returns; OSError when it is not."""
        with self._lock:
            self._check_size(sum(map(len, records)))
            self._mine().append(records)

    def prove(self) -> None:
        """OSError when a record could not be kept now."""
        with self._lock:
            self._check_size(1)
            if not os.statvfs(self._folder).f_bavail:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._mine().prove()

    def front(self) -> Journal | None:
        """The oldest journal; one that was wholly applied is removed on the way."""
        with self._lock:
            while self._journals and self._applied_to.get(self._journals[0].name, START) >= self._journals[0].end:
                self._remove(self._journals[0])
            return self._journals[0] if self._journals else None

    def applied_to(self, journal: Journal) -> int | None:
        return self._applied_to.get(journal.name)

    def advance(self, journal: Journal, position: int) -> None:
        self._applied_to[journal.name] = position
        self.front()

    def set_aside(self, record: bytes) -> None:
        """A record that meets a bug is kept for a person to look at, out of the way of the others."""
        if self._refused is None or not self._refused.is_sound:
            self._refused = Journal.create(self._folder, REFUSED)
        self._refused.append([record])

    def close(self) -> None:
        for journal in (*self._journals, *([self._refused] if self._refused else [])):
            journal.close()

    def _mine(self) -> Journal:
        if self._own is None or not self._own.is_sound:
            self._own = Journal.create(self._folder)
            self._journals.append(self._own)
        return self._own

    def _remove(self, journal: Journal) -> None:
        self._journals.remove(journal)
        self._applied_to.pop(journal.name, None)
        if journal is self._own:
            self._own = None
        journal.discard()

    def _check_size(self, more: int) -> None:
        if sum(journal.end for journal in self._journals) + more > self._most:
            raise OSError(errno.EFBIG, "the journal has reached its greatest size")


def _size(path: Path) -> int:
    """Zero when it has just been removed."""
    with contextlib.suppress(OSError):
        return max(0, path.stat().st_size - START)
    return 0
