"""What lies beyond a NAS for a phone that is online: the answer of Android's connectivity check, and a page."""

from __future__ import annotations

from lab.nas.http import Request, Response

CHECK_HOST = "connectivitycheck.gstatic.com"
CHECK_URL = f"http://{CHECK_HOST}/generate_204"


def answer(request: Request, *, has_uplink: bool) -> Response:
    if not has_uplink:
        return Response(504, "the uplink is down")
    if request.path == "/generate_204":
        return Response(204)
    return Response(200, "<!doctype html><title>A page of the Internet</title><p>You are online.</p>")
