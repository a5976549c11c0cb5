"""What a sender could bring about a thousand times a second is logged once a minute, or so often a second."""

from __future__ import annotations

from collections import OrderedDict

QUIET_SECONDS = 60.0
MOST_REMEMBERED = 256


class Seldom:
    """Remembers what was complained about, in bounded memory."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._told)

    def is_due(self, what: str, now: float) -> bool:
        """True when this has not been said for a minute; it is taken to be said now."""
        if now - self._told.get(what, -QUIET_SECONDS) < QUIET_SECONDS:
            return False
        self._told[what] = now
        self._told.move_to_end(what)
        if len(self._told) > MOST_REMEMBERED:
            self._told.popitem(last=False)
        return True


class Pace:
    """So many a second, and no more; how many were left out is told with the next."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._second = 0
        self._said = 0
        self._left_out = 0

    def left_out(self, now: float) -> int | None:
        """None when this may not be said; else how many were not before it."""
        if int(now) != self._second:
            self._second, self._said = int(now), 0
        if self._said >= self._most:
            self._left_out += 1
            return None
        self._said += 1
        before, self._left_out = self._left_out, 0
        return before


def network_of(address: str) -> str:
    """``10.66.1.x`` and ``2001:db8:1:x``: enough to find a forgotten NAS, and no one's full address."""
    separator = ":" if ":" in address else "."
    return separator.join([*address.split(separator)[:3], "x"])
