"""Sends what waits in the queue: one report to feel whether anybody answers, then more and more side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import SystemRandom

from gateway.accounting import Receipt, Record
from gateway.lanes import Entry
from gateway.queue import Queue

WIDEST = 32  # reports in flight; a server that comes back is not to be drowned
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0

_random = SystemRandom()


class Sender:
    """``account`` sends one report; the queue forgets it when a server has acknowledged it, and only then."""

    def __init__(self, queue: Queue, account: Callable[[Record], Awaitable[Receipt]]) -> None:
        self._queue = queue
        self._account = account
        self._width = 1
        self._pause = FIRST_PAUSE
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Never ends; cancelled, it leaves what is in flight in the queue."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._step(tasks)

    async def _step(self, tasks: asyncio.TaskGroup) -> None:
        while self._tasks and len(self._tasks) >= self._width:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        if self._width == 0:
            await asyncio.sleep(self._pause * _random.uniform(0.9, 1.1))
            self._pause = min(LONGEST_PAUSE, 2 * self._pause)
            self._width = 1
        entry = await self._queue.next()
        task = tasks.create_task(self._send(entry))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, entry: Entry) -> None:
        """One at a time is doubled by each answer; silence closes the door for a while that doubles too."""
        receipt = Receipt.SILENCE
        try:
            receipt = await self._account(entry.record)
        finally:
            if receipt is Receipt.KEPT:
                self._queue.done(entry)
            else:
                self._queue.give_back(entry, is_ignored=receipt is Receipt.IGNORED)
        if receipt is Receipt.SILENCE:
            self._width = 0
        else:
            self._width, self._pause = min(WIDEST, 2 * max(1, self._width)), FIRST_PAUSE
