"""One UDP socket to a RADIUS server, and the requests that wait on it under their Identifiers."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass

IDENTIFIERS = 256  # one octet (RFC 2865 section 3): more requests in flight need more sockets

Write = Callable[[int], bytes]  # a request's octets under the Identifier that it is given
Hear = Callable[[bytes, bytes], None]  # what was asked, and a datagram that may be the reply


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that was sent, and who is told when its reply comes."""

    asked: bytes
    hear: Hear


class Channel(asyncio.DatagramProtocol):
    """One connected UDP socket: the kernel drops what does not come from the server's address and port."""

    def __init__(self) -> None:
        self._waiting: dict[int, Waiting] = {}
        self._next = secrets.randbelow(IDENTIFIERS)
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - asyncio's signature
        waiting = self._waiting.get(data[1]) if len(data) > 1 else None
        if waiting is not None:
            waiting.hear(waiting.asked, data)

    def error_received(self, exc: Exception) -> None:
        """No route or a closed port may pass within seconds: the next retransmission finds out."""

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= IDENTIFIERS

    @property
    def is_idle(self) -> bool:
        return not self._waiting

    def send(self, write: Write, hear: Hear) -> int:
        """A new request under the Identifier that was unused for longest."""
        while self._next in self._waiting:
            self._next = (self._next + 1) % IDENTIFIERS
        identifier = self._next
        self._next = (self._next + 1) % IDENTIFIERS
        self._waiting[identifier] = Waiting(write(identifier), hear)
        self.repeat(identifier)
        return identifier

    def repeat(self, identifier: int) -> None:
        """The same octets once more, as a retransmission has to be (RFC 2865 section 3)."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(self._waiting[identifier].asked)

    def forget(self, identifier: int) -> None:
        self._waiting.pop(identifier, None)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
