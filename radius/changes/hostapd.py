"""hostapd: an attribute that it does not list is refused with 401, Framed-IP-Address too (src/radius/radius_das.c).

It compares User-Name with the EAP identity alone, and reports the MAC where there is none (MAC list, own EAP server):
such a name finds no session, so none is said. It ends sessions; of limits it can change none.
"""

from __future__ import annotations

from hotspot.wire import Attr, text
from radius.changes.kind import Attributes, ChangeKind, Target, named


def identify(target: Target) -> Attributes | None:
    names = named(target)
    if names is None:
        return None
    own = tuple(attribute for attribute in names if attribute[0] != Attr.USER_NAME)
    return own if target.mac is None else (*own, text(Attr.CALLING_STATION_ID, target.mac.dashes))


KIND = ChangeKind(identify=identify)
