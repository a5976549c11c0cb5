"""Omada's external portal: unsigned MACs of the client and of its access point or gateway; the visitor waits.

Source: TP-Link's FAQ on external portal servers and its Open API; never tried on one.
"""

from __future__ import annotations

from captive_portal.nas import unifi
from captive_portal.nas.kind import Arrival, Door, Refusal, read_client
from captive_portal.query import Query

release, entrance, logout = unifi.release, unifi.entrance, unifi.logout


def arrive(query: Query, door: Door) -> Arrival | Refusal:  # noqa: ARG001 - the contract; nothing here is signed
    if not query.get("clientMac"):
        return Refusal.NO_PARAMETERS
    client = read_client(query.get("clientMac"), query.get("clientIp"))
    point = read_client(query.get("apMac") or query.get("gatewayMac"), "")
    if client is None or point is None:
        return Refusal.BAD_CLIENT
    return Arrival(*client, keys={"place": point[0].digits})
