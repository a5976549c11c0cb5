"""Tokens that stand for a device and end: a keyed hash whose key lives one day or one month, then is destroyed."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from hotspot.mac import Mac


class KeyDestroyed(LookupError):
    """The period's key is gone on purpose; a device of that period can no longer be counted."""


def device_token(key: bytes, purpose: bytes, mac: Mac) -> str:
    """Eighty bits in hex; the purpose keeps the tokens of two tables from being joined."""
    return hmac.digest(key, purpose + mac.octets, "sha256")[:10].hex()


def commitment(key: bytes) -> str:
    """What may be published of a key when it is born, so that its end can be proved later."""
    return hashlib.sha256(key).hexdigest()


class KeyRing:
    """Files of ``<state>/keys``, one a period (``day-2026-11-24``, ``month-2026-11``); never part of a backup."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, bytes] = {}

    def get(self, period: str) -> bytes:
        """The key of a period; the first caller of all processes makes it.

        Raises KeyDestroyed once :meth:`destroy` was called for it, for ever.
        """
        path = self._folder / period
        if (key := self._known.get(period)) and path.exists():
            return key
        self._known.pop(period, None)
        if self._tombstone(period).exists():
            raise KeyDestroyed(period)
        key = self._read_or_make(path)
        self._known[period] = key
        return key

    def destroy(self, period: str) -> bool:
        """Overwrite and remove the key; True when there was one. No later caller can make it anew."""
        path = self._folder / period
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._tombstone(period).touch()
        self._known.pop(period, None)
        if not path.exists():
            return False
        with path.open("r+b") as file:
            file.write(bytes(32))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        return True

    def is_destroyed(self, period: str) -> bool:
        """Whether its key was destroyed here; False for a key that never lived or lives on another machine."""
        return self._tombstone(period).exists() and not (self._folder / period).exists()

    def periods(self) -> list[str]:
        """The periods whose keys still live."""
        if not self._folder.exists():
            return []
        return sorted(p.name for p in self._folder.iterdir() if "." not in p.name)

    def _tombstone(self, period: str) -> Path:
        return self._folder / f"{period}.destroyed"

    def _read_or_make(self, path: Path) -> bytes:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        try:
            return _written(draft, path)
        finally:
            draft.unlink(missing_ok=True)


def _written(draft: Path, path: Path) -> bytes:
    """A new key, or the one that another process was quicker to make; durable before anybody uses it."""
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)  # atomic: one process wins, the others read the winner's key
    return path.read_bytes()
