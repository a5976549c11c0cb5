"""RADIUS on the wire with the standard library alone: strict parsing, proofs of the shared secret, replies (pure)."""

from hotspot.wire.numbers import Attr, Code
from hotspot.wire.packet import Malformed, Request, parse
from hotspot.wire.proof import (
    accounting_is_true,
    chap_is_true,
    message_authenticator_is_true,
    pap_password,
    request_authenticator,
)
from hotspot.wire.reply import Attribute, Reply, encode, integer, text, vendor

__all__ = [
    "Attr",
    "Attribute",
    "Code",
    "Malformed",
    "Reply",
    "Request",
    "accounting_is_true",
    "chap_is_true",
    "encode",
    "integer",
    "message_authenticator_is_true",
    "pap_password",
    "parse",
    "request_authenticator",
    "text",
    "vendor",
]
