"""Cambium cnPilot and XV: POST ga_user and ga_pass, with every ga_ parameter that the redirect brought.

Source: Cambium's guide to external guest access and PacketFence's module; never tried on one. ``ga_srvr`` names the
access point and is not used as an address: it is sites.yaml's.
"""

from __future__ import annotations

from captive_portal.nas.usual import Usual

FORM = Usual(
    mac="ga_cmac",
    ip="ga_cip",
    user="ga_user",
    password="ga_pass",  # noqa: S106 - a field's name
    carried=lambda name: name if name.startswith("ga_") else None,
    failed=lambda query: query.get("ga_error_code"),
)
arrive, release, entrance, logout = FORM.arrive, FORM.release, FORM.entrance, FORM.logout
