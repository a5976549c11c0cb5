"""Aruba Instant and AOS controllers with an external captive portal and RADIUS behind it.

The browser posts cmd=authenticate, user and password to /cgi-bin/login of the name in the controller's certificate.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="aruba",
    speaks_radius=True,
    needs=("login_url",),
    secrets=(),
    paste="""\
# RADIUS: authentication {radius_address}:1812, accounting {radius_address}:1813, interim updates as the Accept says,
# Disconnect on port {coa_port} from {radius_address}. The shared secret:
{secret}
# Before login let through {portal_host}, and no captive-check host.
# External captive portal: RADIUS authentication, URL {portal_url}/arrive/{nas}, redirect URL empty, HTTPS on.
# Visitors log in by POST to {login_url}
""",
    unverified=True,
)
