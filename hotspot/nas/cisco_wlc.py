"""Cisco wireless controllers (AireOS, 9800) with external web authentication and RADIUS behind it.

The browser posts to the virtual address: buttonClicked=4 is mandatory, and statusCode tells of a refusal.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="cisco-wlc",
    speaks_radius=True,
    needs=("login_url",),
    secrets=(),
    paste="""\
# RADIUS: authentication {radius_address}:1812, accounting {radius_address}:1813, interim updates as the Accept says,
# Disconnect on port {coa_port} from {radius_address}. The shared secret:
{secret}
# Before login let through {portal_host}, and no captive-check host.
# Layer 3 web policy, authentication, external: {portal_url}/arrive/{nas}; pre-authentication ACL to {portal_host}.
# Visitors log in by POST to {login_url}
""",
    unverified=True,
)
