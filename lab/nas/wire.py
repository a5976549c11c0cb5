"""RADIUS packets as a NAS writes and reads them, with pyrad as the codec: the product's own is never used here."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address
from typing import Any

from pyrad.dictionary import Dictionary  # type: ignore[import-untyped]
from pyrad.packet import AcctPacket, AuthPacket, CoAPacket, Packet, PacketError  # type: ignore[import-untyped]

Key = int | tuple[int, int]  # an attribute's number, or (vendor, number)
Attributes = Iterable[tuple[Key, bytes]]
_NO_NAMES = Dictionary()  # without one pyrad leaves vendors' attributes unopened


class Code(IntEnum):
    """RFC 2865 section 3, RFC 2866 section 3, RFC 5176 section 2.3."""

    ACCESS_REQUEST = 1
    ACCESS_ACCEPT = 2
    ACCESS_REJECT = 3
    ACCOUNTING_REQUEST = 4
    ACCOUNTING_RESPONSE = 5
    DISCONNECT_REQUEST = 40
    COA_REQUEST = 43


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


@dataclass(frozen=True)
class Asked:
    """A Disconnect- or CoA-Request that came in, and what is needed to answer it."""

    told: Reply
    packet: Any

    @property
    def is_change(self) -> bool:
        return self.told.code == Code.COA_REQUEST

    def ack(self) -> bytes:
        return self._answer(1, None)

    def nak(self, error_cause: int | None) -> bytes:
        return self._answer(2, error_cause)

    def _answer(self, step: int, error_cause: int | None) -> bytes:
        reply = self.packet.CreateReply()
        reply.code = self.told.code + step
        if error_cause is not None:
            reply[101] = [number(error_cause)]
        return bytes(reply.ReplyPacket())


def read_asked(octets: bytes, secret: bytes) -> Asked | None:
    """None for what is malformed, of another code, or not from a holder of the secret."""
    try:
        packet = CoAPacket(packet=octets, secret=secret, dict=_NO_NAMES)
        if packet.code not in (Code.DISCONNECT_REQUEST, Code.COA_REQUEST) or not packet.VerifyCoARequest():
            return None
        if 80 in packet and not packet.verify_message_authenticator():
            return None
    except PacketError:
        return None
    return Asked(Reply(packet.code, {key: list(values) for key, values in dict.items(packet)}), packet)
