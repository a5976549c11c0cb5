"""Replies and their encoding: what a request is answered with, sealed by the shared secret."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from hotspot.keyed import keyed
from hotspot.wire.numbers import Attr
from hotspot.wire.packet import AUTHENTICATOR_SIZE, HEADER, LONGEST, Request
from hotspot.wire.proof import md5

Attribute = tuple[int, bytes]
_HEAD = struct.Struct("!BBH")
_EMPTY_SEAL = bytes((Attr.MESSAGE_AUTHENTICATOR, 2 + AUTHENTICATOR_SIZE)) + bytes(AUTHENTICATOR_SIZE)


@dataclass(frozen=True, slots=True)
class Reply:
    """A code and its attributes in order; Message-Authenticator and Proxy-State are added by :func:`encode`."""

    code: int
    attributes: tuple[Attribute, ...] = ()


def integer(kind: int, value: int) -> Attribute:
    return kind, value.to_bytes(4, "big")


def text(kind: int, value: str) -> Attribute:
    return kind, value.encode()


def vendor(number: int, kind: int, value: bytes) -> Attribute:
    """A vendor's attribute in the form that RFC 2865 section 5.26 suggests."""
    return Attr.VENDOR_SPECIFIC, number.to_bytes(4, "big") + bytes((kind, len(value) + 2)) + value


def encode(reply: Reply, request: Request, secret: bytes, *, sealed: bool) -> bytes:
    """The reply's octets; ``sealed`` puts a Message-Authenticator first, before anything an attacker could choose.

    (First place: CVE-2024-3596, as FreeRADIUS does.) Proxy-State goes back unchanged and in order.
    """
    rest = b"".join([octets_of(*attribute) for attribute in reply.attributes])
    if carried := request.every(Attr.PROXY_STATE):
        rest += b"".join([octets_of(Attr.PROXY_STATE, value) for value in carried])
    length = HEADER + len(rest) + (len(_EMPTY_SEAL) if sealed else 0)
    if length > LONGEST:
        raise ValueError(f"a reply of {length} octets does not fit into {LONGEST}")
    head = _HEAD.pack(reply.code, request.identifier, length)
    if sealed:
        proof = keyed(secret, "md5").digest(head + request.authenticator + _EMPTY_SEAL + rest)
        rest = _EMPTY_SEAL[:2] + proof + rest
    return head + md5(head + request.authenticator + rest + secret) + rest


def octets_of(kind: int, value: bytes) -> bytes:
    """One attribute as it is sent."""
    if len(value) > 253:
        raise ValueError(f"attribute {kind} holds {len(value)} octets, and 253 fit")
    return bytes((kind, len(value) + 2)) + value
