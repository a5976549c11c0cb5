"""Aruba Instant and AOS: POST cmd=authenticate to /cgi-bin/login; a refusal comes back as ``errmsg``.

Source: Aruba's guide to external captive portals and PacketFence's Aruba module; never tried on one.
"""

from __future__ import annotations

from captive_portal.nas.usual import Usual

FORM = Usual(
    mac="mac",
    ip="ip",
    user="user",
    password="password",  # noqa: S106 - a field's name
    fixed=(("cmd", "authenticate"),),
    failed=lambda query: query.get("errmsg"),
)
arrive, release, entrance, logout = FORM.arrive, FORM.release, FORM.entrance, FORM.logout
