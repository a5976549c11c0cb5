"""Replies and their encoding: what a request is answered with, sealed by the shared secret."""

from __future__ import annotations

from dataclasses import dataclass

from hotspot.keyed import keyed
from hotspot.wire.numbers import Attr
from hotspot.wire.packet import AUTHENTICATOR_SIZE, HEADER, LONGEST, Request
from hotspot.wire.proof import md5

Attribute = tuple[int, bytes]


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
    seal = bytes((Attr.MESSAGE_AUTHENTICATOR, 2 + AUTHENTICATOR_SIZE)) + bytes(AUTHENTICATOR_SIZE) if sealed else b""
    own = b"".join(octets_of(*attribute) for attribute in reply.attributes)
    carried = b"".join(octets_of(Attr.PROXY_STATE, value) for value in request.every(Attr.PROXY_STATE))
    length = HEADER + len(seal) + len(own) + len(carried)
    if length > LONGEST:
        raise ValueError(f"a reply of {length} octets does not fit into {LONGEST}")
    head = bytes((reply.code, request.identifier)) + length.to_bytes(2, "big")
    rest = own + carried
    if sealed:
        proof = keyed(secret, "md5").digest(head + request.authenticator + seal + rest)
        rest = seal[:2] + proof + rest
    return head + md5(head + request.authenticator + rest + secret) + rest


def octets_of(kind: int, value: bytes) -> bytes:
    """One attribute as it is sent."""
    if len(value) > 253:
        raise ValueError(f"attribute {kind} holds {len(value)} octets, and 253 fit")
    return bytes((kind, len(value) + 2)) + value
