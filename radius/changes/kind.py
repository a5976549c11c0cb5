"""What is said of a session to its NAS when it shall end or change, and what a kind of NAS makes of that (pure)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address

from hotspot.allowance import Limits
from hotspot.mac import Mac
from hotspot.wire import Attr, Attribute, text

_LONGEST = 253  # octets of one attribute
Attributes = tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A session as its NAS knows it."""

    user_name: str | None
    session_id: str
    mac: Mac | None
    address: str | None


@dataclass(frozen=True, slots=True)
class SoFar:
    """What a session has used, for the kinds whose limits count from its start."""

    seconds: int = 0
    octets: int = 0


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """``identify`` gives None for a session that this kind cannot be told of; ``limit`` None where it has no limits.

    ``bare_nak_is_gone``: a refusal without Error-Cause means that there is no such session.
    """

    identify: Callable[[Target], Attributes | None]
    limit: Callable[[Limits, SoFar], Attributes] | None = None
    bare_nak_is_gone: bool = False


def named(target: Target) -> Attributes | None:
    """User-Name and Acct-Session-Id, which most kinds want; None when either does not fit into an attribute."""
    words = (target.user_name or "", target.session_id)
    if not all(1 <= len(word.encode()) <= _LONGEST for word in words):
        return None
    return text(Attr.USER_NAME, words[0]), text(Attr.ACCT_SESSION_ID, words[1])


def framed(address: str) -> Attribute:
    if ":" in address:
        return Attr.FRAMED_IPV6_ADDRESS, IPv6Address(address).packed
    return Attr.FRAMED_IP_ADDRESS, IPv4Address(address).packed


def counted_from_start(limits: Limits, so_far: SoFar) -> Limits:
    """What is left, as a total since the session's start."""
    octets = None if limits.octets is None else limits.octets + so_far.octets
    return replace(limits, seconds=limits.seconds + so_far.seconds, octets=octets)
