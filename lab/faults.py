"""What is broken and since when: spans of time, from which every port, counter and reach is a pure function."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from lab.network import Cable, Network
from lab.optics import is_too_faint

Span = tuple[float, float]


class FaultRefused(ValueError):
    """The fault makes no sense now; the text says why, in one sentence."""


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, touching ones joined, empty ones dropped."""
    result: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def covers(spans: Iterable[Span], at: float) -> bool:
    return any(start <= at < end for start, end in spans)


@dataclass
class Faults:
    """The history of this rehearsal's faults; all times are the lab clock's."""

    network: Network
    began: float
    first_boot: dict[str, float]
    cuts: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    off: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    fades: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    renumbered: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    changes: int = 0

    # --- what a person does

    def cut(self, name: str, at: float) -> None:
        cable = self._cable(name)
        if covers(self.cuts[cable.name], at):
            raise FaultRefused(f"{name} is cut already; mend it first")
        self.cuts[cable.name].append((at, math.inf))
        self.changes += 1

    def mend(self, name: str, at: float) -> None:
        """End a cut and a fade."""
        cable = self._cable(name)
        cut, faded = covers(self.cuts[cable.name], at), self.extra_loss(cable, at) > 0
        if not cut and not faded:
            raise FaultRefused(f"{name} is neither cut nor faded")
        if cut:
            self.cuts[cable.name][-1] = (self.cuts[cable.name][-1][0], at)
        if faded:
            self.fades[cable.name].append((at, 0.0))
        self.changes += 1

    def fade(self, name: str, decibels: float, at: float) -> None:
        """Set a fibre's extra loss; it replaces an earlier fade."""
        cable = self._cable(name)
        if not cable.fibre:
            raise FaultRefused(f"{name} is not a fibre, so there is no light to fade")
        if not 0 < decibels <= 60:
            raise FaultRefused(f"a fade of {decibels:g} dB is not between 0 and 60 dB")
        self.fades[cable.name].append((at, decibels))
        self.changes += 1

    def kill(self, name: str, at: float) -> None:
        self._node(name)
        if not self.has_power(name, at):
            raise FaultRefused(f"{name} is off already; revive it first")
        self.off[name].append((at, math.inf))
        self.changes += 1

    def revive(self, name: str, at: float) -> None:
        self._node(name)
        if self.has_power(name, at):
            raise FaultRefused(f"{name} is running")
        self.off[name][-1] = (self.off[name][-1][0], at)
        self.changes += 1

    def reboot(self, name: str, at: float, seconds: float, *, renumber: bool = False) -> None:
        self._node(name)
        if not self.has_power(name, at):
            raise FaultRefused(f"{name} is off; revive it instead")
        self.off[name].append((at, at + seconds))
        if renumber:
            self.renumbered[name].append(at + seconds)
        self.changes += 1

    # --- what follows from it

    def has_power(self, node: str, at: float) -> bool:
        return not covers(self.off.get(node, ()), at)

    def boot(self, node: str, at: float) -> float:
        """When the node last started."""
        return max([self.first_boot[node], *(end for _, end in self.off.get(node, ()) if end <= at)])

    def boots(self, node: str, at: float) -> int:
        return sum(end <= at for _, end in self.off.get(node, ()))

    def renumberings(self, node: str, at: float) -> int:
        return sum(when <= at for when in self.renumbered.get(node, ()))

    def extra_loss(self, cable: Cable, at: float) -> float:
        """Decibels that a fade adds now."""
        return next((loss for when, loss in reversed(self.fades.get(cable.name, ())) if when <= at), 0.0)

    def is_cut(self, cable: Cable, at: float) -> bool:
        return covers(self.cuts.get(cable.name, ()), at)

    def dark(self, cable: Cable) -> list[Span]:
        """When the cable joined nothing: cut, too faint, or one end without power."""
        if not cable.lit or cable.lower is None:
            return [(-math.inf, math.inf)]
        ends = [*self.off.get(cable.upper, ()), *self.off.get(cable.lower, ())]
        return merged([*self.cuts.get(cable.name, ()), *ends, *self._too_faint(cable)])

    def silent(self, cable: Cable) -> list[Span]:
        """When nothing flowed through the cable: it or one above it was dark, or the root was off."""
        path = [cable, *self.network.path(cable.upper)]
        root = path[-1].upper
        return merged([*self.off.get(root, ()), *(span for one in path for span in self.dark(one))])

    def reaches(self, node: str, at: float) -> bool:
        """Whether the node runs and one of its ways to a root is whole; a ring leads there both ways round."""
        seen, queue = {node}, [node] if self.has_power(node, at) else []
        while queue:
            here = queue.pop()
            if here in self.network.roots:
                return True
            for cable in self.network.near.get(here, ()):
                other = cable.upper if cable.lower == here else cable.lower
                if other is not None and other not in seen and not covers(self.dark(cable), at):
                    seen.add(other)
                    queue.append(other)
        return False

    def active(self, at: float) -> list[str]:
        """What is broken now, in the words of the commands."""
        cuts = [f"cut {name}" for name, spans in self.cuts.items() if covers(spans, at)]
        off = [f"kill {name}" for name, spans in self.off.items() if covers(spans, at)]
        losses = ((name, self.extra_loss(self.network.cables[name], at)) for name in self.fades)
        return [*cuts, *off, *(f"fade {name} {loss:g}" for name, loss in losses if loss)]

    def _too_faint(self, cable: Cable) -> list[Span]:
        steps = [*self.fades.get(cable.name, ()), (math.inf, 0.0)]
        seed = self.network.seed
        return [(when, end) for (when, loss), (end, _) in pairwise(steps) if is_too_faint(seed, cable, loss)]

    def _cable(self, name: str) -> Cable:
        cable = self.network.cables.get(name)
        if cable is None:
            raise FaultRefused(f"there is no link {name}; the links are {', '.join(self.network.cables)}")
        if not cable.lit:
            raise FaultRefused(f"{name} is {cable.status}, not active: there is nothing to break yet")
        return cable

    def _node(self, name: str) -> None:
        if name not in self.network.nodes:
            raise FaultRefused(f"there is no device or NAS {name}")
