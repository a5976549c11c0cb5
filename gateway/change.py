"""A Disconnect- or CoA-Request as a value: whose stay is meant and what shall become of it, or why not (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address

from gateway.identity import Identity
from gateway.session import Address, Session
from gateway.terms import LIMITS, Terms, Unreadable, everything, read_terms
from hotspot.mac import Mac
from hotspot.wire import Attr, Code, Malformed, Reply, Request, change_is_true, integer, parse

WINDOW = 300  # seconds by which Event-Timestamp may differ from our clock (RFC 5176 section 3.3)

_WHOM = {
    *(Attr.USER_NAME, Attr.ACCT_SESSION_ID, Attr.CALLING_STATION_ID),
    *(Attr.FRAMED_IP_ADDRESS, Attr.FRAMED_IPV6_ADDRESS),
}
_WHERE = {Attr.NAS_IDENTIFIER, Attr.NAS_IP_ADDRESS, Attr.NAS_IPV6_ADDRESS}
_ENVELOPE = {Attr.EVENT_TIMESTAMP, Attr.MESSAGE_AUTHENTICATOR, Attr.PROXY_STATE}
_UNDERSTOOD = frozenset((0, int(kind)) for kind in (*_WHOM, *_WHERE, *_ENVELOPE))


class ErrorCause(IntEnum):
    """Why a request is refused (RFC 5176 section 3.5)."""

    UNSUPPORTED_ATTRIBUTE = 401
    MISSING_ATTRIBUTE = 402
    NAS_IDENTIFICATION_MISMATCH = 403
    UNSUPPORTED_SERVICE = 405
    INVALID_ATTRIBUTE_VALUE = 407
    SESSION_CONTEXT_NOT_FOUND = 503
    RESOURCES_UNAVAILABLE = 506


@dataclass(frozen=True, slots=True)
class Which:
    """What is said of a stay; all of it has to fit (RFC 5176 section 3)."""

    user: str | None = None
    session: str | None = None
    mac: Mac | None = None
    addresses: tuple[Address, ...] = ()

    def fits(self, stay: Session) -> bool:
        return (
            self.user in (None, stay.user_name)
            and self.session in (None, stay.id)
            and self.mac in (None, stay.mac)
            and set(self.addresses) <= set(stay.addresses)
        )


@dataclass(frozen=True, slots=True)
class Disconnect:
    """End these stays."""

    which: Which


@dataclass(frozen=True, slots=True)
class Change:
    """Other limits for these stays; what ``terms`` does not say stays."""

    which: Which
    terms: Terms


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing that may be answered."""

    reason: str


def believe(datagram: bytes, secret: bytes, now: float) -> Request | Silence:
    """A request from a holder of the secret that is not an old one sent again."""
    request = parse(datagram)
    if isinstance(request, Malformed):
        return Silence(request.reason)
    if request.code not in (Code.DISCONNECT_REQUEST, Code.COA_REQUEST):
        return Silence(f"code {request.code} does not belong to this port")
    if not change_is_true(request, secret):
        return Silence("the authenticator does not fit: is the shared secret the same on both sides?")
    stamp = request.number(Attr.EVENT_TIMESTAMP)
    if stamp is not None and abs(now - stamp) > WINDOW:
        return Silence("Event-Timestamp is not of now: an old packet, or a clock that is wrong")
    return request


def read_change(request: Request, identity: Identity) -> Disconnect | Change | ErrorCause:
    """All of it is understood and done, or none of it (RFC 5176 section 2)."""
    if request.first(Attr.SERVICE_TYPE) is not None:  # Authorize Only, which we do not offer
        return ErrorCause.UNSUPPORTED_SERVICE
    is_change = request.code == Code.COA_REQUEST
    told = {path for path, _ in everything(request)}
    if told - _UNDERSTOOD - (LIMITS if is_change else frozenset()):
        return ErrorCause.UNSUPPORTED_ATTRIBUTE
    if not _is_here(request, identity):
        return ErrorCause.NAS_IDENTIFICATION_MISMATCH
    # without Event-Timestamp a packet could be sent again for ever (RFC 5176 section 6.3)
    if request.number(Attr.EVENT_TIMESTAMP) is None or not any(request.every(kind) for kind in _WHOM):
        return ErrorCause.MISSING_ATTRIBUTE
    which = _which(request)
    if which is None:
        return ErrorCause.INVALID_ATTRIBUTE_VALUE
    return _change(request, which) if is_change else Disconnect(which)


def reply_to_change(request: Request, error: ErrorCause | None) -> Reply:
    is_change = request.code == Code.COA_REQUEST
    if error is None:
        return Reply(Code.COA_ACK if is_change else Code.DISCONNECT_ACK)
    return Reply(Code.COA_NAK if is_change else Code.DISCONNECT_NAK, (integer(Attr.ERROR_CAUSE, error),))


def _change(request: Request, which: Which) -> Change | ErrorCause:
    terms = read_terms(request)
    if isinstance(terms, Unreadable):
        return ErrorCause.INVALID_ATTRIBUTE_VALUE
    return ErrorCause.MISSING_ATTRIBUTE if terms == Terms() else Change(which, terms)


def _is_here(request: Request, identity: Identity) -> bool:
    own = {
        Attr.NAS_IDENTIFIER: identity.nas.encode(),
        Attr.NAS_IP_ADDRESS if identity.address.version == 4 else Attr.NAS_IPV6_ADDRESS: identity.address.packed,
    }
    return all(value == own.get(kind) for kind in _WHERE for value in request.every(kind))


def _which(request: Request) -> Which | None:
    try:
        station = request.words(Attr.CALLING_STATION_ID)
        return Which(
            user=request.words(Attr.USER_NAME),
            session=request.words(Attr.ACCT_SESSION_ID),
            mac=None if station is None else Mac.from_station_id(station),
            addresses=(
                *(IPv4Address(value) for value in request.every(Attr.FRAMED_IP_ADDRESS)),
                *(IPv6Address(value) for value in request.every(Attr.FRAMED_IPV6_ADDRESS)),
            ),
        )
    except ValueError:
        return None
