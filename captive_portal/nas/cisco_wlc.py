"""Cisco's wireless controllers: POST to the virtual address, buttonClicked=4 being mandatory.

Source: Cisco's sample login page for external web authentication; never tried on one. ``switch_url`` is not used.
``statusCode``: 1 already online, 2 not configured, 3 the name is in use, 4 excluded, 5 refused.
"""

from __future__ import annotations

from captive_portal.nas.usual import Usual
from captive_portal.query import Query

_SAYS = {"3": "user-session-limit", "4": "blocked", "5": "refused"}


def _failed(query: Query) -> str:
    return _SAYS.get(query.get("statusCode"), "")


FORM = Usual(
    mac="client_mac",
    ip="client_ip",
    user="username",
    password="password",  # noqa: S106 - a field's name
    after="redirect_url",
    fixed=(("buttonClicked", "4"), ("err_flag", "0")),
    failed=_failed,
)
arrive, release, entrance, logout = FORM.arrive, FORM.release, FORM.entrance, FORM.logout
