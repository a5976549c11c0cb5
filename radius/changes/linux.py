"""Our own Linux box: what CoovaChilli is told, with the client's MAC beside it so that no other can be meant."""

from __future__ import annotations

from hotspot.wire import Attr, text
from radius.changes.coovachilli import limit
from radius.changes.kind import Attributes, ChangeKind, Target, named


def identify(target: Target) -> Attributes | None:
    names = named(target)
    if names is None or target.mac is None:
        return names
    return (*names, text(Attr.CALLING_STATION_ID, target.mac.dashes))


KIND = ChangeKind(identify=identify, limit=limit)
