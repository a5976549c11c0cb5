"""hostapd: an attribute that it does not list is refused with 401, Framed-IP-Address too (src/radius/radius_das.c).

It ends sessions; of limits it can change none.
"""

from __future__ import annotations

from hotspot.wire import Attr, text
from radius.changes.kind import Attributes, ChangeKind, Target, named


def identify(target: Target) -> Attributes | None:
    names = named(target)
    if names is None or target.mac is None:
        return names
    return (*names, text(Attr.CALLING_STATION_ID, target.mac.dashes))


KIND = ChangeKind(identify=identify)
