"""One file that stands in for the database while that is away: what was appended is on disk when append returns."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from radius.frames import HEAD, frame, next_frame, record_at

SUFFIX = ".journal"
_MAGIC = b"hotspot journal\n"
_KEY = 16
START = len(_MAGIC) + _KEY  # where the first frame lies
_CHUNK = 256 * 1024


class Journal:
    """Open and locked by one process; the lock ends with the process, and another may then take the file over."""

    def __init__(self, path: Path, file: int, key: bytes, end: int) -> None:
        self.path = path
        self.end = end
        self.is_sound = True
        self._file = file
        self._key = key

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(SUFFIX)

    @classmethod
    def create(cls, folder: Path, suffix: str = SUFFIX) -> Journal:
        """A new and empty one; its name sorts by the time of its birth."""
        path = folder / f"{time.time_ns():016x}{secrets.token_hex(8)}{suffix}"
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        journal = cls(path, file, secrets.token_bytes(_KEY), START)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            journal.prove()
            _sync_folder(folder)
        except OSError:
            journal.discard()
            raise
        return journal

    @classmethod
    def take_over(cls, path: Path) -> Journal | None:
        """A dead process's journal; None while its process lives, or when it has gone in the meantime."""
        try:
            file = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            same = path.stat().st_ino == os.fstat(file).st_ino
        except (BlockingIOError, FileNotFoundError):
            same = False
        if not same:
            os.close(file)
            return None
        return cls(path, file, os.pread(file, _KEY, len(_MAGIC)), max(START, os.fstat(file).st_size))

    def append(self, records: Sequence[bytes]) -> None:
        """All of them or, with OSError, none."""
        octets, position = b"", self.end
        for record in records:
            framed = frame(self._key, position + len(octets), record)
            octets += framed
        try:
            _write(self._file, octets, position)
        except OSError:
            self._forget(position)
            raise
        self._sync()
        self.end += len(octets)

    def prove(self) -> None:
        """Write and sync what costs no room; OSError when the disk does not take it."""
        _write(self._file, _MAGIC + self._key, 0)
        self._sync()

    def read(self, position: int, most: int) -> tuple[list[bytes], int]:
        """At most so many records from ``position`` on, and where the next one lies.

        Where no whole frame lies the next one is looked for: a torn last frame has none behind it, a damaged place has.
        """
        octets = self._octets(position)
        records: list[bytes] = []
        at = 0
        while len(records) < most and (record := record_at(self._key, position + at, octets, at)) is not None:
            records.append(record)
            at += HEAD + len(record)
        if records or position >= self.end:
            return records, position + at
        return [], self._resume(position + 1)

    def close(self) -> None:
        os.close(self._file)

    def discard(self) -> None:
        """All of it is applied. One that cannot be removed does no harm: the database knows how far it was applied."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
        self.close()

    def _octets(self, position: int) -> bytes:
        return os.pread(self._file, min(_CHUNK, max(0, self.end - position)), position)

    def _resume(self, position: int) -> int:
        while position < self.end:
            octets = self._octets(position)
            found = next_frame(self._key, position, octets, 0)
            if found is not None:
                return position + found
            if len(octets) < _CHUNK:
                return self.end
            position += _CHUNK // 2  # a frame that began in the second half may be cut off
        return self.end

    def _forget(self, position: int) -> None:
        """Cut off what a failed write left behind; where that fails too, nothing may be written over it."""
        try:
            os.ftruncate(self._file, position)
        except OSError:
            self.is_sound = False

    def _sync(self) -> None:
        """After a failed sync nobody knows what is on disk, and a second try would lie: no more records for it."""
        try:
            os.fdatasync(self._file)
        except OSError:
            self.is_sound = False
            raise


def _write(file: int, octets: bytes, position: int) -> None:
    done = 0
    while done < len(octets):
        done += os.pwrite(file, octets[done:], position + done)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
