"""A NAS's accounting as pyrad writes it, octet by octet as a test wants it, to any server."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Mapping, Sequence

from pyrad.packet import AccountingRequest, AcctPacket, Packet, PacketError  # type: ignore[import-untyped]

ANSWER_SECONDS = 2.0
Key = int | tuple[int, int]


class Voice:
    """One socket of one NAS towards one server; each packet gets the next Identifier unless a test gives one."""

    def __init__(self, wire: socket.socket, secret: bytes) -> None:
        self._wire = wire
        self._secret = secret
        self._next = 0

    def packet(self, attributes: Mapping[Key, Sequence[bytes]], identifier: int | None = None) -> bytes:
        self._next = (self._next + 1) % 256
        packet = AcctPacket(
            code=AccountingRequest, secret=self._secret, id=self._next if identifier is None else identifier
        )
        for key, values in attributes.items():
            packet[key] = list(values)
        return bytes(packet.RequestPacket())

    def exchange(self, octets: bytes, seconds: float = ANSWER_SECONDS) -> bytes | None:
        """The reply's octets, or None when none came that answers this packet."""
        self._wire.settimeout(seconds)
        self._wire.send(octets)
        with contextlib.suppress(TimeoutError, ConnectionRefusedError):
            while (reply := self._wire.recv(4096))[1] != octets[1]:
                pass
            return reply if self._is_true(octets, reply) else None
        return None

    def _is_true(self, asked: bytes, reply: bytes) -> bool:
        request = AcctPacket(packet=asked, secret=self._secret)
        try:
            return bool(request.VerifyReply(Packet(packet=reply, secret=self._secret), reply))
        except PacketError:
            return False


@contextlib.contextmanager
def voice(source: str, server: tuple[str, int], secret: bytes) -> Iterator[Voice]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind((source, 0))
        wire.connect(server)
        yield Voice(wire, secret)
