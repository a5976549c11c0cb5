"""A NAS's ear for Disconnect- and CoA-Requests: it does as it is told, refuses as its kind does, and sometimes lies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from lab.nas.wire import Asked, read_asked

_REMEMBERED = 256  # requests whose answer is given again to the same octets (RFC 5176 section 2.3)

Answered = Callable[[Asked], bytes | None]


class Ear(asyncio.DatagramProtocol):
    """``answer`` gives None where this kind stays silent. Only ``server`` is heard, as chilli and RouterOS do."""

    def __init__(self, secret: bytes, server: Callable[[], str], answer: Answered) -> None:
        self._secret = secret
        self._server = server
        self._answer = answer
        self._answers: dict[bytes, bytes | None] = {}
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self, address: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(address, port))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        if self._transport is None or addr[0] != self._server():
            return
        if data not in self._answers:
            asked = read_asked(data, self._secret)
            if asked is None:
                return
            if len(self._answers) >= _REMEMBERED:
                self._answers.pop(next(iter(self._answers)))
            self._answers[data] = self._answer(asked)
        if (answer := self._answers[data]) is not None:
            self._transport.sendto(answer, addr)
