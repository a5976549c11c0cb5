"""What happens when: one list of coming events, lived through in real time or from event to event."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from itertools import count

from hotspot.clock import Clock

Event = Callable[[], Awaitable[None]]
_TICK = 0.05  # real seconds between two looks at the lab clock, whose rate may change at any time


class Agenda:
    """Events by their time on the lab clock; those of one moment in the order in which they were written down."""

    def __init__(self) -> None:
        self._coming: list[tuple[float, int, Event]] = []
        self._numbers = count()

    def at(self, when: float, event: Event) -> None:
        heapq.heappush(self._coming, (when, next(self._numbers), event))

    @property
    def next_at(self) -> float | None:
        return self._coming[0][0] if self._coming else None

    async def live(self, clock: Clock, stop: asyncio.Event) -> None:
        """Start each event when the clock reaches it; several may go on at once. A failing one ends the lab.

        When ``stop`` is set, what goes on is broken off: a visitor may be in the middle of a login.
        """
        begun: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as running:
            while not stop.is_set():
                while self._coming and self._coming[0][0] <= clock.now():
                    task = running.create_task(_begun(heapq.heappop(self._coming)[2]))
                    begun.add(task)
                    task.add_done_callback(begun.discard)
                await asyncio.sleep(_TICK)
            for task in begun:
                task.cancel()

    async def step(self, set_time: Callable[[float], None], until: float) -> None:
        """Move the clock to each event before ``until`` and finish it there; then stand at ``until``."""
        while self._coming and self._coming[0][0] < until:
            when, _, event = heapq.heappop(self._coming)
            set_time(when)
            await event()
        set_time(until)


async def _begun(event: Event) -> None:
    await event()
