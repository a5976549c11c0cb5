"""MikroTik HotSpot: finds a client by two names of it, Framed-IP-Address and another; what a CoA does not name stays.

A User-Name that is a MAC cuts the router's wireless client of that MAC while the hotspot's session goes on (RouterOS
7.9, packetfence issue 7703). So a session that began by its MAC is told by Acct-Session-Id and address alone. None of
this was tried on a router.
"""

from __future__ import annotations

from hotspot.allowance import Limits
from hotspot.mac import Mac
from radius.answers import mikrotik
from radius.changes.kind import Attributes, ChangeKind, SoFar, Target, framed, named


def identify(target: Target) -> Attributes | None:
    names = named(target)
    if names is None or target.address is None:
        return None
    own = names[1:] if _is_mac(target.user_name or "") else names
    return (*own, framed(target.address))


def _is_mac(name: str) -> bool:
    try:
        Mac.parse(name)
    except ValueError:
        return False
    return True


def limit(limits: Limits, _so_far: SoFar) -> Attributes:
    return (mikrotik.rate(limits),)


KIND = ChangeKind(identify=identify, limit=limit)
