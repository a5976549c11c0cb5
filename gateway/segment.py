"""A pair of files: reports as they were kept, each line with its checksum, and the numbers of those that were sent."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

from gateway.accounting import from_json, to_json
from gateway.lanes import Entry

LOG, DONE = ".log", ".done"


class Segment:
    """``size`` is what its log holds in octets, ``waiting`` the checksums of the reports that nobody has acknowledged.

    Only the log is made durable: a lost "done" sends a report twice, which accounting bears. A "done" names the
    checksum too, so that one left over from an earlier crash can never strike out a new report of the same number.
    """

    def __init__(self, folder: Path, first: int) -> None:
        self.first = first
        self.size = 0
        self.damaged = 0
        self.waiting: dict[int, int] = {}
        self._log_path = folder / f"{first:012d}{LOG}"
        self._done_path = folder / f"{first:012d}{DONE}"
        self._log = os.open(self._log_path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._done = os.open(self._done_path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def read(self) -> list[Entry]:
        """What is still to be sent. A line that was cut by a crash had not been promised to anyone."""
        octets = self._log_path.read_bytes()
        whole = octets[: octets.rfind(b"\n") + 1]
        if len(whole) < len(octets):
            os.ftruncate(self._log, len(whole))
        self.size = len(whole)
        done = set(self._done_path.read_bytes().splitlines())
        entries: list[Entry] = []
        for line in whole.splitlines():
            entry, checksum = _entry(line), _checksum(line)
            if entry is None:
                self.damaged += 1
            elif _struck(entry.number, checksum) not in done:
                entries.append(entry)
                self.waiting[entry.number] = checksum
        return entries

    def append(self, entries: Iterable[Entry]) -> None:
        """Durable when this returns; after an OSError nothing of it is kept."""
        lines = {entry.number: _line(entry) for entry in entries}
        octets = b"".join(lines.values())
        try:
            _write(self._log, octets)
            os.fdatasync(self._log)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._log, self.size)
            raise
        self.size += len(octets)
        self.waiting |= {number: _checksum(line) for number, line in lines.items()}

    def strike(self, numbers: Iterable[int]) -> None:
        octets = b"".join(_struck(number, self.waiting.pop(number)) + b"\n" for number in numbers)
        with contextlib.suppress(OSError):  # it will be sent again then
            _write(self._done, octets)

    def empty(self) -> None:
        """Everything in it was sent: who it was about need not stay on disk."""
        os.ftruncate(self._log, 0)
        os.ftruncate(self._done, 0)
        self.size = 0

    def remove(self) -> None:
        self.close()
        self._log_path.unlink(missing_ok=True)
        self._done_path.unlink(missing_ok=True)

    def close(self) -> None:
        os.close(self._log)
        os.close(self._done)


def firsts(folder: Path) -> list[int]:
    """The segments of a folder, oldest first."""
    return sorted(int(path.stem) for path in folder.glob(f"*{LOG}"))


def _line(entry: Entry) -> bytes:
    body = f"{entry.number} {to_json(entry.record)}".encode()
    return b"%08x %s\n" % (crc32(body), body)


def _entry(line: bytes) -> Entry | None:
    """None for a line that the disk did not keep as it was written."""
    body = line[9:]
    number, _, record = body.partition(b" ")
    try:
        return Entry(int(number), from_json(record.decode())) if _checksum(line) == crc32(body) else None
    except (ValueError, KeyError, TypeError):
        return None


def _checksum(line: bytes) -> int:
    try:
        return int(line[:8], 16)
    except ValueError:
        return -1


def _struck(number: int, checksum: int) -> bytes:
    return b"%d %08x" % (number, checksum)


def _write(handle: int, octets: bytes) -> None:
    while octets:
        octets = octets[os.write(handle, octets) :]
