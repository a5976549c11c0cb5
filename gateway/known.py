"""The devices that RADIUS has accepted at this gateway, as keyed hashes in a file of their own."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from gateway.down import MOST_KNOWN, is_known, still_known, token
from hotspot.log import event
from hotspot.mac import Mac
from hotspot.secret import Secret

SLACK = 1000  # lines that may be out of date before the file is written anew
DAY = 86400
AGAIN_AFTER = 3600  # seconds in which a device that comes back is not written down again

_log = logging.getLogger(__name__)


class KnownDevices:
    """A line a visit is appended; a crash loses at most the last, whose device is a stranger then in an outage."""

    def __init__(self, path: Path, key: Secret) -> None:
        self._path = path
        self._key = key.octets
        self._known = dict(_lines(path))
        self._stale = 0
        self._tidied_at = -DAY

    def __len__(self) -> int:
        return len(self._known)

    def accepted(self, mac: Mac, now: float, remember: int) -> None:
        """RADIUS has let it in."""
        device, at = token(self._key, mac), int(now)
        if at - self._known.get(device, -AGAIN_AFTER) < AGAIN_AFTER:
            return
        self._stale += device in self._known
        self._known[device] = at
        try:
            if self._is_untidy(at):
                self.tidy(now, remember)
            else:
                self._append(f"{device} {at}\n")
        except OSError as error:  # no reason to keep somebody out whom RADIUS has let in
            event(_log, logging.ERROR, "a known device cannot be kept on disk", reason=error.strerror)

    def knows(self, mac: Mac, now: float, remember: int) -> bool:
        return is_known(self._known, token(self._key, mac), now, remember)

    def tidy(self, now: float, remember: int) -> None:
        """Write only those who are to be remembered; done once a day, and at the first visit after a start."""
        self._known, self._stale, self._tidied_at = still_known(self._known, now, remember), 0, int(now)
        draft = self._path.with_suffix(".draft")
        with _owned(draft, os.O_TRUNC) as file:
            file.writelines(f"{device} {at}\n" for device, at in self._known.items())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)

    def _is_untidy(self, now: int) -> bool:
        return self._stale > SLACK or len(self._known) > MOST_KNOWN + SLACK or now - self._tidied_at >= DAY

    def _append(self, line: str) -> None:
        with _owned(self._path, os.O_APPEND) as file:
            file.write(line)


def _owned(path: Path, mode: int) -> TextIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | mode, 0o600), "w")


def _lines(path: Path) -> Iterator[tuple[str, int]]:
    """Whole lines only; a later one of the same device counts."""
    text = path.read_text("ascii", "replace") if path.exists() else ""
    for line in text.splitlines():
        device, _, at = line.partition(" ")
        if len(device) == 32 and at.isdigit():
            yield device, int(at)
