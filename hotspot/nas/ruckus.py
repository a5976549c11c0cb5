"""Ruckus ZoneDirector and Unleashed, a Hotspot (WISPr) service with a login page of ours.

The browser posts username and password to the controller, http://<controller>:9997/login.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="ruckus",
    speaks_radius=True,
    needs=("login_url",),
    secrets=(),
    paste="""\
# RADIUS: authentication {radius_address}:1812, accounting {radius_address}:1813, interim updates as the Accept says,
# Disconnect on port {coa_port} from {radius_address}. The shared secret:
{secret}
# Before login let through {portal_host}, and no captive-check host.
# Hotspot service: login page {portal_url}/arrive/{nas}, start page: redirect to the URL that the user intends to visit.
# Visitors log in by POST to {login_url}
""",
    unverified=True,
)
