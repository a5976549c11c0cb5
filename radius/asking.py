"""One Disconnect or CoA to one NAS: the same octets until it answers, each from a socket of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hotspot.wire import Malformed, Request, reply_to

WAITS = (1.0, 2.0, 3.0)  # real seconds before the next retransmission (RFC 5080 section 2.2.1, shortened)


class _Ear(asyncio.DatagramProtocol):
    """Hears the one true reply; anything else may be a stranger's."""

    def __init__(self, understood: Callable[[bytes], Request | Malformed]) -> None:
        self._understood = understood
        self.reply: asyncio.Future[Request] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - the socket is connected
        reply = self._understood(data)
        if isinstance(reply, Request) and not self.reply.done():
            self.reply.set_result(reply)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens just now: silence like any other."""


async def ask(octets: bytes, secret: bytes, nas: tuple[str, int], source: str | None) -> Request | None:
    """The NAS's reply, or None; ``source`` is the address that it knows RADIUS by, where there is one."""
    loop = asyncio.get_running_loop()
    local = None if source is None else (source, 0)
    try:
        transport, ear = await loop.create_datagram_endpoint(
            lambda: _Ear(lambda data: reply_to(octets, data, secret)), local_addr=local, remote_addr=nas
        )
    except OSError:
        return None
    try:
        for seconds in WAITS:
            transport.sendto(octets)
            done, _ = await asyncio.wait({ear.reply}, timeout=seconds)
            if done:
                return ear.reply.result()
        return None
    finally:
        transport.close()
