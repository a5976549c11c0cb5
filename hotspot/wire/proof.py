"""What proves that a peer knows the shared secret: authenticators, PAP and CHAP, all on octets and in constant time."""

from __future__ import annotations

import hashlib
import hmac

from hotspot.keyed import keyed
from hotspot.wire.numbers import Attr, Code
from hotspot.wire.packet import AUTHENTICATOR_SIZE, HEADER, Request

_ZEROS = bytes(AUTHENTICATOR_SIZE)
_LONGEST_PASSWORD = 128  # RFC 2865 section 5.2
# Where the Request Authenticator is itself a hash over the packet, the Message-Authenticator is computed before it,
# with zeros in its place (RFC 5176 section 3.4 for 40 and 43; FreeRADIUS and hostapd do so for accounting too).
_HASHED_AFTERWARDS = frozenset({Code.ACCOUNTING_REQUEST, Code.DISCONNECT_REQUEST, Code.COA_REQUEST})


def md5(octets: bytes) -> bytes:
    """RADIUS is built on MD5; what it no longer protects is covered by the Message-Authenticator."""
    return hashlib.md5(octets, usedforsecurity=False).digest()


def request_authenticator(octets: bytes, secret: bytes) -> bytes:
    """The authenticator of an Accounting-, Disconnect- or CoA-Request (RFC 2866 section 3)."""
    return md5(octets[:4] + _ZEROS + octets[HEADER:] + secret)


def accounting_is_true(request: Request, secret: bytes) -> bool:
    return hmac.compare_digest(request_authenticator(request.octets, secret), request.authenticator)


def message_authenticator_is_true(request: Request, secret: bytes) -> bool:
    """Whether the request carries a Message-Authenticator that only a holder of the secret can have made."""
    at = request.sealed_at
    if at is None:
        return False
    octets, end = request.octets, at + AUTHENTICATOR_SIZE
    head = octets[:at] if request.code not in _HASHED_AFTERWARDS else octets[:4] + _ZEROS + octets[HEADER:at]
    proof = keyed(secret, "md5").digest(head + _ZEROS + octets[end:])
    return hmac.compare_digest(proof, octets[at:end])


def pap_password(request: Request, secret: bytes) -> bytes | None:
    """The User-Password in clear, its padding cut; None where there is none or its length is impossible."""
    hidden = request.first(Attr.USER_PASSWORD)
    if hidden is None or len(hidden) % 16 or not 16 <= len(hidden) <= _LONGEST_PASSWORD:
        return None
    clear, before = b"", request.authenticator
    for start in range(0, len(hidden), 16):
        block = hidden[start : start + 16]
        clear += xor(block, md5(secret + before))
        before = block
    return clear.rstrip(b"\0")


def chap_is_true(request: Request, password: bytes) -> bool:
    """CHAP-Password is one identifier and MD5(identifier, password, challenge).

    The challenge is CHAP-Challenge or, without it, the Request Authenticator (RFC 2865 section 5.3).
    """
    answer = request.first(Attr.CHAP_PASSWORD)
    if answer is None or len(answer) != 1 + AUTHENTICATOR_SIZE:
        return False
    challenge = request.first(Attr.CHAP_CHALLENGE) or request.authenticator
    return hmac.compare_digest(md5(answer[:1] + password + challenge), answer[1:])


def xor(left: bytes, right: bytes) -> bytes:
    """Octet by octet; both are of one length."""
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).to_bytes(len(left), "big")
