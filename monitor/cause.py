"""What a decision is made of: the causes, what lies in the shadow of each, and the state of everything."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.health import State, Verdict
from monitor.topology import Subject

MONITOR: Subject = ("monitor", "monitor")
SEEN = (State.UP, State.WEAK)


@dataclass(frozen=True)
class Cause:
    """One of link-down, link-flapping, device-down, nas-down, optics-weak, power-cut, section-dark, monitor-blind."""

    name: str
    kind: str
    subject: str


BLIND = Cause("monitor-blind", *MONITOR)


@dataclass
class Decision:
    """``darkened`` of a cause are those in its shadow now; ``beyond`` also those that have not noticed yet.

    ``waiting`` keep the state that they had, until a closer look at them or at something on the way to them.
    """

    states: dict[Subject, Verdict] = field(default_factory=dict)
    darkened: dict[Cause, set[Subject]] = field(default_factory=dict)
    beyond: dict[Cause, set[str]] = field(default_factory=dict)
    waiting: set[Subject] = field(default_factory=set)

    @property
    def is_blind(self) -> bool:
        return BLIND in self.darkened
