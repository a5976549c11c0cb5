"""Where those who may pass wait for each other a moment, so that the disk and the kernel hear of them together."""

from __future__ import annotations

import asyncio

from gateway.keeper import Keeper, Newcomer
from gateway.session import Session

WAIT_SECONDS = 0.01  # RADIUS's answers come one a turn of the loop; without this pause each would be a batch of its own


class Gate:
    """Admits in batches: whoever comes within the pause is one write to disk and one word to the kernel."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._waiting: list[tuple[Newcomer, asyncio.Future[Session]]] = []

    async def admit(self, newcomer: Newcomer) -> Session:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Session] = loop.create_future()
        self._waiting.append((newcomer, answer))
        if len(self._waiting) == 1:
            loop.call_later(WAIT_SECONDS, self._open)
        return await answer

    def _open(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            sessions = self._keeper.admit([newcomer for newcomer, _ in batch])
        except Exception as error:  # noqa: BLE001 - each visitor's own request hears of it
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
            return
        for (_, answer), session in zip(batch, sessions, strict=True):
            if not answer.done():
                answer.set_result(session)
