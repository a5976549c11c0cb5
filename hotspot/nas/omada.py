"""TP-Link Omada (5.9 or later) with an external portal: its Open API lets visitors in and out and tells their use.

The older ``extPortal/auth`` wants a time whose unit public code disputes (microseconds, milliseconds, seconds); the
Open API takes none, so RADIUS ends each visit itself, and the portal's own timeout in Omada is only the last bound.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="omada",
    speaks_radius=False,
    needs=("controller",),
    secrets=("controller",),
    paste="""\
# In Omada, the site's Portal: external portal server, with this address, and the longest visit as its timeout
#   {portal_url}/arrive/{nas}
# Pre-authentication access: {portal_host}, and no captive-check host
# Settings > Platform Integration > Open API: an application in client mode for this site; its client id is `account` in
# sites.yaml, its client secret lies in the secret nas-{nas}-controller.
""",
    controller=True,
    unverified=True,
)
