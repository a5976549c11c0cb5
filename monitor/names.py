"""What of a device's ports hardly ever changes, and when it has to be asked for again (pure).

ifTableLastChange tells of ports that came or went, sysUpTime of a restart that may have numbered them anew; of a new
alias or of two ports that swapped names neither tells, so nothing is kept for long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.snapshot import Rows, Value

KEEP_SECONDS = 3600.0
SELDOM_SECONDS = 600.0
KEEP_BLINDLY_SECONDS = 600.0  # where the agent has no ifTableLastChange


@dataclass(frozen=True)
class Known:
    """Names by ifIndex, as they were read at ``at`` while the agent said this of itself."""

    rows: Rows = field(default_factory=dict)
    at: float = 0.0
    uptime: Value | None = None
    changed: Value | None = None  # ifTableLastChange


@dataclass
class Memory:
    """One device's: the poller keeps it between two polls."""

    known: Known | None = None
    seldom: dict[str, Rows] = field(default_factory=dict)  # the last answers of tables that are asked now and then
    seldom_at: float | None = None


def still_true(known: Known | None, system: Mapping[str, Value], indexes: set[str], now: float) -> bool:
    """Whether the names that are known are those of the ports that were just read."""
    if known is None or set(known.rows) != indexes or known.changed != system.get("ifTableLastChange"):
        return False
    keep = KEEP_SECONDS if known.changed is not None else KEEP_BLINDLY_SECONDS
    return now - known.at < keep and not _began_anew(known.uptime, system.get("sysUpTime"))


def _began_anew(before: Value | None, after: Value | None) -> bool:
    """Without an uptime one cannot know. A wrap after 497 days looks like a restart, and costs one reading of names."""
    return not isinstance(before, int) or not isinstance(after, int) or after < before
