"""TP-Link EAP and Omada access points (EAP-CLIENT-MIB): the count of clients, all they tell; unverified.

Radios and networks are known to the Omada controller only. The table of clients, whose cells are MACs, is not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.units import given, measured

SCALARS = {"clientCount": "1.3.6.1.4.1.11863.10.1.1.1.0"}


def figures(found: Found) -> Iterator[Figure]:
    yield from given("clients", "", measured(found.scalars.get("clientCount")))


KIND = Kind("eap", SCALARS, (), figures, (Tell("clients", "EAP-CLIENT-MIB clientCount"),))
