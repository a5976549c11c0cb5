"""RADIUS packets as a NAS writes and reads them, with pyrad as the codec: the product's own is never used here."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address
from typing import Any

from pyrad.dictionary import Dictionary  # type: ignore[import-untyped]
from pyrad.packet import AcctPacket, AuthPacket, Packet, PacketError  # type: ignore[import-untyped]

Key = int | tuple[int, int]  # an attribute's number, or (vendor, number)
Attributes = Iterable[tuple[Key, bytes]]
_NO_NAMES = Dictionary()  # without one pyrad leaves vendors' attributes unopened


class Code(IntEnum):
    """RFC 2865 section 3, RFC 2866 section 3."""

    ACCESS_REQUEST = 1
    ACCESS_ACCEPT = 2
    ACCESS_REJECT = 3
    ACCOUNTING_REQUEST = 4
    ACCOUNTING_RESPONSE = 5


@dataclass(frozen=True)
class Request:
    """A packet to send, and what is needed to know its answer."""

    identifier: int
    octets: bytes
    packet: Any


@dataclass(frozen=True)
class Reply:
    code: int
    attributes: dict[Key, list[bytes]]

    def first(self, key: Key) -> bytes | None:
        return self.attributes.get(key, [None])[0]

    def number(self, key: Key) -> int | None:
        """An integer attribute (four octets); None when it is absent or malformed."""
        value = self.first(key)
        return struct.unpack("!I", value)[0] if value is not None and len(value) == 4 else None

    def text(self, key: Key) -> str:
        return b"".join(self.attributes.get(key, [])).decode(errors="replace")


def number(value: int) -> bytes:
    return struct.pack("!I", value & 0xFFFFFFFF)


def address(value: str) -> bytes:
    return IPv4Address(value).packed


def access_request(identifier: int, secret: bytes, attributes: Attributes, password: bytes | None) -> Request:
    """Message-Authenticator stands first; a PAP password is hidden as RFC 2865 section 5.2 says."""
    packet = AuthPacket(code=Code.ACCESS_REQUEST, id=identifier, secret=secret)
    packet.add_message_authenticator()
    if password is not None:
        packet[2] = [packet.PwCrypt(password)]
    return _encoded(packet, identifier, attributes)


def accounting_request(identifier: int, secret: bytes, attributes: Attributes) -> Request:
    packet = AcctPacket(code=Code.ACCOUNTING_REQUEST, id=identifier, secret=secret)
    return _encoded(packet, identifier, attributes)


def read_reply(request: Request, octets: bytes, *, signed: bool) -> Reply | None:
    """The reply if it is well-formed and answers this request; ``signed`` demands a Message-Authenticator."""
    try:
        reply = Packet(packet=octets, secret=request.packet.secret, dict=_NO_NAMES)
        valid = request.packet.VerifyReply(reply, octets, enforce_ma=signed)
    except PacketError:
        return None
    return Reply(reply.code, {key: list(values) for key, values in dict.items(reply)}) if valid else None


def _encoded(packet: Any, identifier: int, attributes: Attributes) -> Request:
    for key, value in attributes:
        packet.setdefault(key, []).append(value)
    return Request(identifier, packet.RequestPacket(), packet)
