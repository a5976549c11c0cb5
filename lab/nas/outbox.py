"""A NAS's accounting records until they are acknowledged: each is sent again for as long as the NAS runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lab.nas.line import Line
from lab.nas.records import Record
from lab.nas.wire import Code, Key, accounting_request, number
from lab.world import World

ANSWER_SECONDS = 3.0
_LONGEST_WAIT = 60
_WINDOW = 64  # records on their way at once; a socket has 256 Identifiers


class Outbox:
    """Records of one session leave in their order; those of different sessions do not wait for each other."""

    def __init__(self, world: World, line: Line, secret: bytes, can_send: Callable[[], bool]) -> None:
        self.waiting: list[Record] = []
        self._world = world
        self._line = line
        self._secret = secret
        self._can_send = can_send
        self._sending = asyncio.Lock()
        self._window = asyncio.Semaphore(_WINDOW)
        self._will_retry = False

    def add(self, record: Record) -> None:
        self.waiting.append(record)
        self._world.agenda.at(self._world.clock.now(), self.flush)

    def forget(self) -> None:
        """A reboot empties the memory."""
        self.waiting.clear()

    async def flush(self) -> None:
        """Try everything once; what was not acknowledged is tried again later, with a longer Acct-Delay-Time."""
        async with self._sending:
            queues: dict[str, list[Record]] = {}
            for record in self.waiting:
                queues.setdefault(record.session, []).append(record)
            if self._can_send():
                await asyncio.gather(*(self._send_in_order(queue) for queue in queues.values()))
        if self.waiting and not self._will_retry:
            self._will_retry = True
            self._world.agenda.at(self._world.clock.now() + self._pause(), self._retry)

    def _pause(self) -> float:
        if not self._can_send():
            return _LONGEST_WAIT
        tries = min(record.tries for record in self.waiting)
        return float(min(_LONGEST_WAIT, ANSWER_SECONDS * 2 ** min(tries, 8)))

    async def _retry(self) -> None:
        self._will_retry = False
        if self.waiting:
            await self.flush()

    async def _send_in_order(self, queue: list[Record]) -> None:
        for record in queue:
            async with self._window:
                delivered = await self._delivered(record)
            if not delivered:
                return
            if record in self.waiting:
                self.waiting.remove(record)

    async def _delivered(self, record: Record) -> bool:
        """A new Identifier every time, because Acct-Delay-Time changed (RFC 2866 section 5.2)."""
        delay = max(0, int(self._world.clock.now() - record.happened_at))
        delayed: list[tuple[Key, bytes]] = [*record.attributes, (41, number(delay))]
        request = accounting_request(self._line.identifier(), self._secret, delayed)
        record.tries += 1
        answer = await self._line.ask(request, ANSWER_SECONDS)
        if answer.reply is None or answer.reply.code != Code.ACCOUNTING_RESPONSE:
            return False
        self._world.truth.write(
            self._world.clock.now(),
            "acknowledged",
            session=record.session,
            record=record.status.name.lower(),
            input=record.counters.input,
            output=record.counters.output,
            seconds=record.counters.seconds,
            happened_at=int(record.happened_at),
            delay=delay,
            heard=answer.heard,
        )
        return answer.heard
