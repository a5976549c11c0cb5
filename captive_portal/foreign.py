"""Forms that another site's page sends in a visitor's name are not taken.

A flow binds a form to one phone already, but its maker may be the stranger: a visitor would go online as somebody else.
Browsers say so themselves (Fetch Metadata, W3C); Origin is no help, our pages' Referrer-Policy makes it "null".
"""

from __future__ import annotations

from flask import Flask, Response, request

from captive_portal.failure import Failure
from captive_portal.pages.common import failure_page
from captive_portal.portal import Portal


def refuse(app: Flask, portal: Portal) -> None:
    @app.before_request
    def check() -> Response | None:
        is_foreign = request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site"
        return failure_page(portal, Failure.FLOW_BROKEN) if is_foreign else None
