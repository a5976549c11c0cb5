"""Answers to those who guess come late, and hold nobody else up: scheduled, bounded, within a NAS's patience."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

SECONDS = 1.0  # MikroTik is told to wait for three (hotspot/nas/mikrotik.py); CoovaChilli and hostapd wait longer
MOST_WAITING = 4096


class Delay:
    """``put`` needs a running loop. What waits when RADIUS stops is asked again by its NAS."""

    def __init__(self, seconds: float = SECONDS, most: int = MOST_WAITING) -> None:
        self._seconds = seconds
        self._most = most
        self._waiting = 0

    def put(self, act: Callable[[], None]) -> bool:
        """False when too many wait already: nothing will be done."""
        if self._waiting >= self._most:
            return False
        self._waiting += 1
        asyncio.get_running_loop().call_later(self._seconds, self._do, act)
        return True

    def _do(self, act: Callable[[], None]) -> None:
        self._waiting -= 1
        act()


def at_once(act: Callable[[], None]) -> bool:
    act()
    return True
