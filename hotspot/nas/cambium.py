"""Cambium cnPilot and XV access points with guest access, an external page and RADIUS behind it.

The browser posts ga_user and ga_pass with every ga_ parameter that it came with. One entry for each access point.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="cambium",
    speaks_radius=True,
    needs=("login_url",),
    secrets=(),
    paste="""\
# RADIUS: authentication {radius_address}:1812, accounting {radius_address}:1813, interim updates as the Accept says,
# Disconnect on port {coa_port} from {radius_address}. The shared secret:
{secret}
# Before login let through {portal_host}, and no captive-check host.
# Guest access: external hotspot, page {portal_url}/arrive/{nas}, access policy RADIUS.
# Visitors log in by POST to {login_url}
""",
    unverified=True,
)
