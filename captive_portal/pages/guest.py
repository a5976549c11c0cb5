"""/guest/s/<site>/: where a UniFi controller sends visitors, whatever else it is told; led on to its NAS's own page."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from captive_portal.failure import Failure
from captive_portal.pages.common import failure_page
from captive_portal.portal import Portal


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("guest", __name__)
    pages.add_url_rule("/guest/s/<site>/", "guest", lambda site: _guest(portal, site))
    return pages


def _guest(portal: Portal, site: str) -> AnyResponse:
    """Two controllers whose sites bear one name cannot be told apart by it: they need the NAS's own address."""
    named = [door for door in portal.doors.values() if door.nas.controller and door.nas.controller.site == site]
    if len(named) != 1 or named[0].nas.kind != "unifi":
        return failure_page(portal, Failure.UNKNOWN_PLACE)
    return redirect(f"/arrive/{named[0].nas.id}?{request.query_string.decode('latin-1')}", 302)
