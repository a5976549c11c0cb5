"""UniFi's external portal: ``id`` and ``ap`` are unsigned MACs; RADIUS asks the controller, and the visitor waits.

Source: Ubiquiti's page on external hotspot portals and PacketFence's Unifi module; never tried on one.
"""

from __future__ import annotations

from collections.abc import Mapping

from captive_portal.nas.kind import Arrival, Door, Refusal, read_client
from captive_portal.query import Query


def arrive(query: Query, door: Door) -> Arrival | Refusal:  # noqa: ARG001 - the contract; nothing here is signed
    if not query.get("id"):
        return Refusal.NO_PARAMETERS
    client, point = read_client(query.get("id"), ""), read_client(query.get("ap"), "")
    if client is None or point is None:
        return Refusal.BAD_CLIENT
    return Arrival(*client, keys={"place": point[0].digits})


def release(keys: Mapping[str, str], door: Door, grant_id: str, password: str, after: str) -> str:  # noqa: ARG001
    """Straight to the page that waits until the controller has let the visitor in."""
    return after


def entrance(door: Door) -> str:  # noqa: ARG001
    """Any page by http brings the controller's redirect; this address is nobody's (RFC 5737)."""
    return "http://192.0.2.1/"


def logout(door: Door, user: str) -> str:  # noqa: ARG001
    return door.arrive_url
