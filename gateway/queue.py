"""Reports that no server has acknowledged yet, durable before anything else happens with them."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from gateway.accounting import Record, Status
from gateway.lanes import Entry, Lanes
from gateway.segment import Segment, firsts
from hotspot.command import OperatorError
from hotspot.log import event

MOST = 50_000  # reports; two hundred clients and a WAN that is away for two days
SEGMENT_SIZE = 256 * 1024  # octets; a segment whose reports are all sent is deleted

_log = logging.getLogger(__name__)


class Queue:
    """One process holds the folder. Reports are read back in the order in which they were put.

    ``fault`` is why the last reports are not on disk, None while all is well.
    """

    def __init__(self, folder: Path, *, most: int = MOST, segment_size: int = SEGMENT_SIZE) -> None:
        self.fault: str | None = None
        self._folder = folder
        self._most = most
        self._segment_size = segment_size
        self._lanes = Lanes()
        self._has_more = asyncio.Event()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _lock(folder)
        self._segments = [Segment(folder, first) for first in firsts(folder)]
        self._next = 1
        for segment in self._segments:
            self._take_up(segment)
        self._tidy()

    def __len__(self) -> int:
        return len(self._lanes)

    def put(self, *records: Record) -> bool:
        """True: all are on disk and will be sent. False: the queue or the disk is full.

        A Stop is taken in even then, for there can be no more of them than stays; and what the disk refuses is sent
        from memory while this process lives. A thousand put at once are one wait for the disk.
        """
        has_room = len(self) + len(records) <= self._most or self._has_thinned(len(records))
        taken = [record for record in records if has_room or record.status is Status.STOP]
        entries = [Entry(number, record) for number, record in enumerate(taken, self._next)]
        self._next += len(entries)
        is_durable = self._write(entries)
        for entry in entries:
            self._lanes.add(entry)
        if entries:
            self._has_more.set()
        if len(taken) < len(records):
            self.fault = f"more than {self._most} reports wait for RADIUS"
        return is_durable and len(taken) == len(records)

    async def next(self) -> Entry:
        """The next report that may be sent; waits until there is one."""
        while (entry := self._lanes.take()) is None:
            self._has_more.clear()
            await self._has_more.wait()
        return entry

    def done(self, entry: Entry) -> None:
        """A server has acknowledged it."""
        self._lanes.done(entry)
        self._strike([entry])
        self._has_more.set()

    def give_back(self, entry: Entry, *, is_ignored: bool = False) -> None:
        """Nobody has acknowledged it."""
        self._lanes.give_back(entry, is_ignored=is_ignored)
        self._has_more.set()

    def close(self) -> None:
        """Whatever is left is read back at the next start."""
        for segment in self._segments:
            segment.close()
        self._segments.clear()
        os.close(self._lock)

    def _take_up(self, segment: Segment) -> None:
        for entry in segment.read():
            self._lanes.add(entry)
            self._next = max(self._next, entry.number + 1)
        self._next = max(self._next, segment.first)
        if segment.damaged:
            event(_log, logging.ERROR, "reports were damaged on disk and are lost", lines=segment.damaged)

    def _has_thinned(self, room: int) -> bool:
        """Interims that later reports cover are given up: their octets count in a later hour then, and none is lost."""
        dropped = self._lanes.thin()
        self._strike(dropped)
        event(
            _log, logging.WARNING, "the queue of reports is full and was thinned", dropped=len(dropped), left=len(self)
        )
        return len(self) + room <= self._most

    def _write(self, entries: Sequence[Entry]) -> bool:
        if not entries:
            return True
        try:
            self._current(entries[0].number).append(entries)
        except OSError as error:
            self.fault = f"reports cannot be kept in {self._folder}: {error.strerror}"
            event(_log, logging.ERROR, "reports cannot be kept on disk", reason=error.strerror, folder=self._folder)
            return False
        self.fault = None
        return True

    def _current(self, number: int) -> Segment:
        """The last segment, or a new one when that is full; a new file's name is made durable too."""
        if not self._segments or self._segments[-1].size >= self._segment_size:
            self._segments.append(Segment(self._folder, number))
            _sync(self._folder)
        return self._segments[-1]

    def _strike(self, entries: Iterable[Entry]) -> None:
        numbers = {entry.number for entry in entries}
        for segment in self._segments:
            if struck := numbers & segment.waiting.keys():
                segment.strike(sorted(struck))
        self._tidy()

    def _tidy(self) -> None:
        """Segments whose reports are all sent go; the last is emptied and used again."""
        for segment in [segment for segment in self._segments if not segment.waiting]:
            if segment is self._segments[-1]:
                segment.empty()
            else:
                segment.remove()
                self._segments.remove(segment)


def _lock(folder: Path) -> int:
    """Held until :meth:`Queue.close` or the end of the process, however it ends."""
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise OperatorError(f"{folder} is in use by another hotspot-gateway; stop that one first") from None
    return handle


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
