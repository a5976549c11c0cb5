"""RADIUS on the wire with the standard library alone: strict parsing, proofs of the secret, both sides (pure)."""

from hotspot.wire.numbers import Attr, Code
from hotspot.wire.packet import HEADER, Malformed, Request, parse
from hotspot.wire.proof import (
    accounting_is_true,
    chap_is_true,
    message_authenticator_is_true,
    pap_password,
    request_authenticator,
)
from hotspot.wire.reply import Attribute, Reply, encode, integer, text, vendor
from hotspot.wire.request import accounting_request, change_is_true, change_request, hidden, reply_to, sealed_request

__all__ = [
    "HEADER",
    "Attr",
    "Attribute",
    "Code",
    "Malformed",
    "Reply",
    "Request",
    "accounting_is_true",
    "accounting_request",
    "change_is_true",
    "change_request",
    "chap_is_true",
    "encode",
    "hidden",
    "integer",
    "message_authenticator_is_true",
    "pap_password",
    "parse",
    "reply_to",
    "request_authenticator",
    "sealed_request",
    "text",
    "vendor",
]
