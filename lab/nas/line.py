"""A NAS's way to its RADIUS server: UDP from its own address, over a network that may lose packets."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from lab.nas.weather import Weather
from lab.nas.wire import Reply, Request, read_reply


@dataclass(frozen=True)
class Answer:
    """``reply`` is what the server said; ``heard`` is False when the NAS never got it."""

    reply: Reply | None
    heard: bool


class Line(asyncio.DatagramProtocol):
    """One socket to one listener; a reply from any other address or with a wrong authenticator is not heard."""

    def __init__(self, weather: Weather, *, hurry: bool, signed: bool) -> None:
        self.unverified = 0
        self._weather = weather
        self._hurry = hurry
        self._signed = signed
        self._next = 0
        self._waiting: dict[int, tuple[Request, asyncio.Future[Reply]]] = {}
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self, source: str, server: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=(source, 0), remote_addr=server
        )

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def identifier(self) -> int:
        """The next Identifier that no outstanding request uses."""
        for _ in range(256):
            self._next = (self._next + 1) % 256
            if self._next not in self._waiting:
                return self._next
        raise RuntimeError("256 requests are outstanding on one socket")

    async def ask(self, request: Request, seconds: float) -> Answer:
        """Send once and wait. What the lab itself loses need not be waited for when time stands still."""
        if self._transport is None or self._weather.loses_request():
            await asyncio.sleep(0 if self._hurry else seconds)
            return Answer(None, heard=False)
        reply = await self._exchange(request, seconds)
        return Answer(reply, heard=reply is not None and not self._weather.loses_reply())

    async def _exchange(self, request: Request, seconds: float) -> Reply | None:
        assert self._transport is not None  # noqa: S101 - ask() looked
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[request.identifier] = (request, future)
        self._transport.sendto(request.octets)
        try:
            return await asyncio.wait_for(future, seconds)
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(request.identifier, None)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:  # noqa: ARG002 - the socket is connected
        request, future = self._waiting.get(data[1] if len(data) > 1 else -1, (None, None))
        if request is None or future is None or future.done():
            return
        reply = read_reply(request, data, signed=self._signed)
        if reply is None:
            self.unverified += 1
        else:
            future.set_result(reply)

    def error_received(self, exc: Exception) -> None:
        """The port is closed just now; to a NAS that is silence like any other."""
