"""Which datagrams are requests that this NAS really sent: everything else is dropped with a reason (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hotspot.wire import (
    Attr,
    Code,
    Malformed,
    Request,
    accounting_is_true,
    message_authenticator_is_true,
    parse,
)

LONGEST_PROXY_STATE = 2048  # all of them together; the reply has to hold them too


class Door(Enum):
    """The two ports, and the code that belongs to each besides Status-Server."""

    AUTH = Code.ACCESS_REQUEST
    ACCT = Code.ACCOUNTING_REQUEST


@dataclass(frozen=True, slots=True)
class Peer:
    """A NAS as RADIUS knows it. ``must_seal``: an Access-Request without Message-Authenticator is not believed."""

    nas: str
    site: str
    kind: str
    secret: bytes
    must_seal: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """``result`` is a metric label, ``reason`` for the log."""

    result: str
    reason: str


def receive(datagram: bytes, peer: Peer, door: Door) -> Request | Dropped:
    request = parse(datagram)
    if isinstance(request, Malformed):
        return Dropped("malformed", request.reason)
    if request.code not in (door.value, Code.STATUS_SERVER):
        return Dropped("malformed", f"code {request.code} does not belong to this port")
    if sum(map(len, request.every(Attr.PROXY_STATE))) > LONGEST_PROXY_STATE:
        return Dropped("malformed", "Proxy-State is too long to be sent back")
    return _distrust(request, peer) or request


def _distrust(request: Request, peer: Peer) -> Dropped | None:
    if request.sealed_at is not None and not message_authenticator_is_true(request, peer.secret):
        return Dropped(
            "wrong-secret", "Message-Authenticator does not fit: is the shared secret the same on both sides?"
        )
    if request.code == Code.ACCOUNTING_REQUEST and not accounting_is_true(request, peer.secret):
        return Dropped(
            "wrong-secret", "Request Authenticator does not fit: is the shared secret the same on both sides?"
        )
    if request.sealed_at is None and (fault := _unsealed(request, peer)):
        return Dropped("unsealed", fault)
    return None


def _unsealed(request: Request, peer: Peer) -> str | None:
    """What must not come without Message-Authenticator (RFC 5997 section 3, RFC 3579 section 3.2, CVE-2024-3596)."""
    if request.code == Code.STATUS_SERVER:
        return "Status-Server without Message-Authenticator"
    if request.code != Code.ACCESS_REQUEST:
        return None
    if peer.must_seal:
        return "no Message-Authenticator, and sites.yaml requires one of this NAS"
    if request.first(Attr.EAP_MESSAGE) is not None:
        return "EAP-Message without Message-Authenticator"
    if request.first(Attr.PROXY_STATE) is not None:
        return "Proxy-State without Message-Authenticator"
    return None
