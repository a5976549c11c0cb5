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
_PASSWORDS = frozenset({Attr.USER_PASSWORD, Attr.CHAP_PASSWORD})  # one of them, or EAP (RFC 3579 section 3.3)


class Door(Enum):
    """The two ports, and the code that belongs to each besides Status-Server."""

    AUTH = Code.ACCESS_REQUEST
    ACCT = Code.ACCOUNTING_REQUEST


@dataclass(frozen=True, slots=True)
class Peer:
    """A NAS as RADIUS knows it.

    ``secrets``: two while they are changed, the likelier first; ``newest`` is the one that will stay. ``must_seal``: an
    Access-Request without Message-Authenticator is not believed. ``may_learn``: it will be so after the first with one.
    """

    nas: str
    site: str
    kind: str
    secrets: tuple[bytes, ...]
    newest: bytes
    must_seal: bool
    may_learn: bool = False


@dataclass(frozen=True, slots=True)
class Believed:
    """A request of this NAS. ``proof`` is the secret that it proved; an unsealed Access-Request proves none."""

    request: Request
    proof: bytes | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """``result`` is a metric label, ``reason`` for the log."""

    result: str
    reason: str


def receive(datagram: bytes, peer: Peer, door: Door) -> Believed | Dropped:
    request = parse(datagram)
    if isinstance(request, Malformed):
        return Dropped("malformed", request.reason)
    if request.code not in (door.value, Code.STATUS_SERVER):
        return Dropped("malformed", f"code {request.code} does not belong to this port")
    if request.first(Attr.EAP_MESSAGE) is not None and not request.attributes.keys().isdisjoint(_PASSWORDS):
        return Dropped("malformed", "EAP-Message beside another way to log in")
    if sum(map(len, request.every(Attr.PROXY_STATE))) > LONGEST_PROXY_STATE:
        return Dropped("malformed", "Proxy-State is too long to be sent back")
    if request.sealed_at is None and (fault := _unsealed(request, peer)):
        return Dropped("unsealed", fault)
    if request.sealed_at is None and request.code == Code.ACCESS_REQUEST:
        return Believed(request, None)
    return _proved(request, peer)


def _proved(request: Request, peer: Peer) -> Believed | Dropped:
    """By the secret that it is under; the fault is told as the likeliest one sees it."""
    faults: list[Dropped] = []
    for secret in peer.secrets:
        fault = _distrust(request, secret)
        if fault is None:
            return Believed(request, secret)
        faults.append(fault)
    return faults[0]


def _distrust(request: Request, secret: bytes) -> Dropped | None:
    if request.sealed_at is not None and not message_authenticator_is_true(request, secret):
        return Dropped(
            "wrong-secret", "Message-Authenticator does not fit: is the shared secret the same on both sides?"
        )
    if request.code == Code.ACCOUNTING_REQUEST and not accounting_is_true(request, secret):
        return Dropped(
            "wrong-secret", "Request Authenticator does not fit: is the shared secret the same on both sides?"
        )
    return None


def _unsealed(request: Request, peer: Peer) -> str | None:
    """What must not come without Message-Authenticator (RFC 5997 section 3, RFC 3579 section 3.2, CVE-2024-3596)."""
    if request.code == Code.STATUS_SERVER:
        return "Status-Server without Message-Authenticator"
    if request.first(Attr.EAP_MESSAGE) is not None:
        return "EAP-Message without Message-Authenticator"
    if request.code != Code.ACCESS_REQUEST:
        return None
    if peer.must_seal:
        return "no Message-Authenticator, and one is required of this NAS"
    if request.first(Attr.PROXY_STATE) is not None:
        return "Proxy-State without Message-Authenticator"
    return None
