"""Staff's passwords checked at the open door: two at a time, because each takes 64 MiB."""

from __future__ import annotations

import threading
from functools import cached_property

from argon2 import PasswordHasher

from hotspot.passwords import Passwords

AT_ONCE = 2
PATIENCE = 3.0  # real seconds


class Crowded(Exception):
    """Too many passwords are being checked at this moment."""


class BoundedPasswords:
    """Made ready at the first check, whoever asks: most portals never see a member of staff."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def verify(self, stored: str | None, password: str) -> bool:
        """As :meth:`hotspot.passwords.Passwords.verify`, or Crowded."""
        if not self._turns.acquire(timeout=PATIENCE):
            raise Crowded
        try:
            return self._passwords.verify(stored, password)
        finally:
            self._turns.release()

    @cached_property
    def _passwords(self) -> Passwords:
        return Passwords(self._hasher)
