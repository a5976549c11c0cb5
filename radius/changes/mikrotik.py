"""MikroTik HotSpot: finds a client by User-Name with Framed-IP-Address; what a CoA does not name stays as it was.

A User-Name that is a MAC would cut the wireless client instead; ours are grant ids. None of this was tried on a router.
"""

from __future__ import annotations

from hotspot.allowance import Limits
from radius.answers import mikrotik
from radius.changes.kind import Attributes, ChangeKind, SoFar, Target, framed, named


def identify(target: Target) -> Attributes | None:
    names = named(target)
    return None if names is None or target.address is None else (*names, framed(target.address))


def limit(limits: Limits, _so_far: SoFar) -> Attributes:
    return (mikrotik.rate(limits),)


KIND = ChangeKind(identify=identify, limit=limit)
