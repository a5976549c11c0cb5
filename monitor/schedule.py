"""What is due when (pure): every subject once an interval, spread evenly, a poke sooner; time comes in as values."""

from __future__ import annotations

from collections.abc import Iterable

FASTEST_SECONDS = 1.0  # real seconds between two polls of one subject, however fast the clock of a rehearsal runs


class Schedule:
    """Times are of the domain clock, except ``real``, which no rehearsal can hurry."""

    def __init__(self, names: Iterable[str], interval: float, now: float) -> None:
        self.interval = interval
        ordered = sorted(names)
        self._due = {name: now + interval * place / len(ordered) for place, name in enumerate(ordered)}
        self._began: dict[str, float] = {}
        self._busy: set[str] = set()
        self._poked: set[str] = set()

    def due(self, now: float, real: float) -> list[str]:
        """Those whose time has come and those that were poked; one that is still busy is nobody's to wait for."""
        ready = [name for name, at in self._due.items() if (at <= now or name in self._poked)]
        return sorted((name for name in ready if self._may_begin(name, real)), key=lambda name: self._due[name])

    def begin(self, name: str, now: float, real: float) -> None:
        """The next turn keeps the phase, so that polls stay spread; what was missed is not made up for."""
        self._busy.add(name)
        self._poked.discard(name)
        self._began[name] = real
        late = now - self._due[name]
        if late >= 0:
            self._due[name] += self.interval * (late // self.interval + 1)

    def end(self, name: str) -> None:
        self._busy.discard(name)

    def poke(self, name: str) -> None:
        """Poll it as soon as may be, beside its ordinary turns."""
        if name in self._due:
            self._poked.add(name)

    def _may_begin(self, name: str, real: float) -> bool:
        return name not in self._busy and real - self._began.get(name, real - FASTEST_SECONDS) >= FASTEST_SECONDS
