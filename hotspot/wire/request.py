"""The other side of the wire: a NAS's own requests, and which datagram is the true reply to one of them (pure)."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from hotspot.wire.numbers import Attr, Code
from hotspot.wire.packet import AUTHENTICATOR_SIZE, HEADER, LONGEST, Malformed, Request, parse
from hotspot.wire.proof import accounting_is_true, md5, message_authenticator_is_true, request_authenticator, xor
from hotspot.wire.reply import Attribute, octets_of

_BLOCK = 16
_LONGEST_PASSWORD = 128  # RFC 2865 section 5.2
_EMPTY_SEAL = octets_of(Attr.MESSAGE_AUTHENTICATOR, bytes(AUTHENTICATOR_SIZE))
_REPLIES = {
    Code.ACCESS_REQUEST: {Code.ACCESS_ACCEPT, Code.ACCESS_REJECT, Code.ACCESS_CHALLENGE},
    Code.ACCOUNTING_REQUEST: {Code.ACCOUNTING_RESPONSE},
    Code.STATUS_SERVER: {Code.ACCESS_ACCEPT, Code.ACCOUNTING_RESPONSE},
    Code.DISCONNECT_REQUEST: {Code.DISCONNECT_ACK, Code.DISCONNECT_NAK},
    Code.COA_REQUEST: {Code.COA_ACK, Code.COA_NAK},
}


def hidden(password: bytes, authenticator: bytes, secret: bytes) -> Attribute:
    """User-Password as it travels (RFC 2865 section 5.2)."""
    if len(password) > _LONGEST_PASSWORD:
        raise ValueError(f"a password of {len(password)} octets does not fit into {_LONGEST_PASSWORD}")
    padded = password.ljust(max(_BLOCK, -(-len(password) // _BLOCK) * _BLOCK), b"\0")
    veiled, before = b"", authenticator
    for start in range(0, len(padded), _BLOCK):
        before = xor(padded[start : start + _BLOCK], md5(secret + before))
        veiled += before
    return Attr.USER_PASSWORD, veiled


def sealed_request(
    code: Code, identifier: int, authenticator: bytes, attributes: Iterable[Attribute], secret: bytes
) -> bytes:
    """An Access-Request or Status-Server; ``authenticator`` is random, and Message-Authenticator stands first."""
    rest = b"".join(octets_of(*attribute) for attribute in attributes)
    head = _head(code, identifier, len(_EMPTY_SEAL) + len(rest)) + authenticator
    proof = hmac.digest(secret, head + _EMPTY_SEAL + rest, "md5")
    return head + octets_of(Attr.MESSAGE_AUTHENTICATOR, proof) + rest


def accounting_request(identifier: int, attributes: Iterable[Attribute], secret: bytes) -> bytes:
    """Its authenticator is a hash over all of it, so that other attributes make it another packet (RFC 2866)."""
    rest = b"".join(octets_of(*attribute) for attribute in attributes)
    head = _head(Code.ACCOUNTING_REQUEST, identifier, len(rest))
    return head + request_authenticator(head + bytes(AUTHENTICATOR_SIZE) + rest, secret) + rest


def change_request(code: Code, identifier: int, attributes: Iterable[Attribute], secret: bytes) -> bytes:
    """A Disconnect- or CoA-Request: its seal is computed before its authenticator (RFC 5176 section 3.4)."""
    rest = b"".join(octets_of(*attribute) for attribute in attributes)
    head = _head(code, identifier, len(_EMPTY_SEAL) + len(rest)) + bytes(AUTHENTICATOR_SIZE)
    seal = octets_of(Attr.MESSAGE_AUTHENTICATOR, hmac.digest(secret, head + _EMPTY_SEAL + rest, "md5"))
    return head[:4] + request_authenticator(head + seal + rest, secret) + seal + rest


def reply_to(asked: bytes, datagram: bytes, secret: bytes, *, must_seal: bool = True) -> Request | Malformed:
    """The reply to ``asked`` where only a holder of the secret can have made it, else the reason for the log.

    ``must_seal``: an answer to an Access-Request has to carry a Message-Authenticator (CVE-2024-3596).
    """
    reply = parse(datagram)
    if isinstance(reply, Malformed):
        return reply
    if reply.identifier != asked[1] or reply.code not in _REPLIES[Code(asked[0])]:
        return Malformed("not a reply to what was asked")
    authenticator = asked[4:HEADER]
    if not hmac.compare_digest(
        md5(reply.octets[:4] + authenticator + reply.octets[HEADER:] + secret), reply.authenticator
    ):
        return Malformed("Response Authenticator does not fit: is the shared secret the same on both sides?")
    if fault := _fault_of_seal(reply, authenticator, secret, must_seal=must_seal and asked[0] == Code.ACCESS_REQUEST):
        return Malformed(fault)
    if reply.first(Attr.PROXY_STATE) is not None:  # we send none: it is an attacker's room for a collision
        return Malformed("Proxy-State that was not sent")
    return reply


def change_is_true(request: Request, secret: bytes) -> bool:
    """Whether a CoA- or Disconnect-Request comes from a holder of the secret (RFC 5176 sections 2.3 and 3.4)."""
    sealed = request.sealed_at is None or message_authenticator_is_true(request, secret)
    return sealed and accounting_is_true(request, secret)


def _fault_of_seal(reply: Request, authenticator: bytes, secret: bytes, *, must_seal: bool) -> str | None:
    """A reply's seal is computed over the request's authenticator (RFC 3579 section 3.2)."""
    at = reply.sealed_at
    if at is None:
        return "no Message-Authenticator, and one is required of this server" if must_seal else None
    octets = reply.octets
    blank = (
        octets[:4] + authenticator + octets[HEADER:at] + bytes(AUTHENTICATOR_SIZE) + octets[at + AUTHENTICATOR_SIZE :]
    )
    given = octets[at : at + AUTHENTICATOR_SIZE]
    return (
        None if hmac.compare_digest(hmac.digest(secret, blank, "md5"), given) else "Message-Authenticator does not fit"
    )


def _head(code: Code, identifier: int, room: int) -> bytes:
    length = HEADER + room
    if length > LONGEST:
        raise ValueError(f"a request of {length} octets does not fit into {LONGEST}")
    return bytes((code, identifier)) + length.to_bytes(2, "big")
