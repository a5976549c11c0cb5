"""One client's stay at a NAS: what it has used by now, and when which limit ends it (pure)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import IntEnum

from lab.nas.limits import Limits

OWN_IDLE = 900  # a NAS's own idle time-out, where the Accept names none


class Cause(IntEnum):
    """Acct-Terminate-Cause (RFC 2866 section 5.10)."""

    USER_REQUEST = 1
    IDLE_TIMEOUT = 4
    SESSION_TIMEOUT = 5
    ADMIN_RESET = 6
    ADMIN_REBOOT = 7
    NAS_REQUEST = 10


@dataclass(frozen=True)
class Appetite:
    """The traffic a phone would like: bit/s up and down, until it falls silent."""

    up: int
    down: int
    until: float = math.inf


@dataclass(frozen=True)
class Counters:
    """``input`` is from the client (RFC 2866 section 5.3)."""

    seconds: int = 0
    input: int = 0
    output: int = 0


@dataclass(frozen=True)
class Stay:
    """Traffic flows evenly at what is wanted or allowed, whichever is less.

    ``before`` is what had flowed under earlier limits, which ended at ``changed_at``.
    """

    began: float
    limits: Limits
    appetite: Appetite
    changed_at: float | None = None
    before: Counters = Counters()

    def counters(self, now: float) -> Counters:
        busy = max(0.0, min(now, self.appetite.until) - self._since)
        up, down = (int(busy * speed / 8) for speed in (self._up, self._down))
        return Counters(int(now - self.began), self.before.input + up, self.before.output + down)

    def under(self, limits: Limits, now: float) -> Stay:
        """The same stay, going on under other limits; the clock of a time-out still counts from its start."""
        return replace(self, limits=limits, changed_at=now, before=self.counters(now))

    def end(self, quota_cause: Cause) -> tuple[float, Cause]:
        """The first limit that is reached if nothing else happens; infinity when there is none."""
        limits = self.limits
        ends = [(self.appetite.until + (limits.idle or OWN_IDLE), Cause.IDLE_TIMEOUT)]
        if limits.seconds is not None:
            ends.append((self.began + limits.seconds, Cause.SESSION_TIMEOUT))
        had = self.before
        quotas = (
            (limits.input, had.input, self._up),
            (limits.output, had.output, self._down),
            (limits.total, had.input + had.output, self._up + self._down),
        )
        ends += [(self._used_up(most - used, speed), quota_cause) for most, used, speed in quotas if most is not None]
        return min(ends)

    @property
    def _since(self) -> float:
        return self.began if self.changed_at is None else self.changed_at

    @property
    def _up(self) -> int:
        return min(self.appetite.up, self.limits.up or self.appetite.up)

    @property
    def _down(self) -> int:
        return min(self.appetite.down, self.limits.down or self.appetite.down)

    def _used_up(self, octets: int, speed: int) -> float:
        """When a quota is gone, or never; a NAS notices on its next whole second."""
        moment = self._since + math.ceil(max(0, octets) * 8 / speed) if speed else math.inf
        return moment if moment <= self.appetite.until else math.inf
