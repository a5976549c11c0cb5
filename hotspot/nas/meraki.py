"""Meraki with a custom splash page and sign-on by our RADIUS server.

The browser posts to the login_url that it came with, whose query names the visitor; the host is sites.yaml's.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="meraki",
    speaks_radius=True,
    needs=("login_url",),
    secrets=(),
    paste="""\
# RADIUS: authentication {radius_address}:1812, accounting {radius_address}:1813, interim updates as the Accept says,
# Disconnect on port {coa_port} from {radius_address}. The shared secret:
{secret}
# Before login let through {portal_host}, and no captive-check host.
# Splash page: sign-on with my RADIUS server; custom splash URL {portal_url}/arrive/{nas}; walled garden {portal_host}.
# Visitors log in by POST to {login_url}
""",
    unverified=True,
)
