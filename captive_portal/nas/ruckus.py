"""Ruckus ZoneDirector and Unleashed (WISPr hotspot): POST to port 9997 of the controller.

Source: PacketFence's Ruckus module and Ruckus' guide to WISPr hotspots; never tried on one. ``sip`` is not used: the
controller's address is sites.yaml's.
"""

from __future__ import annotations

from captive_portal.nas.usual import Usual

FORM = Usual(
    mac="client_mac",
    ip="uip",
    user="username",
    password="password",  # noqa: S106 - a field's name
    carried={"uip": "ip"}.get,
)
arrive, release, entrance, logout = FORM.arrive, FORM.release, FORM.entrance, FORM.logout
