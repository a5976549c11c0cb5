"""UniFi's controller with RADIUS at its hotspot: CHAP, a page of its own, Session-Timeout as the only limit.

It takes no Disconnect by RADIUS; its sessions end through its API. Its Accounting-On speaks for all its sites, so each
site needs a NAS entry of its own. Source: Ubiquiti's page on the hotspot's RADIUS attributes; never tried on one.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="unifi-radius",
    speaks_radius=True,
    needs=(),
    secrets=(),
    paste="""\
# In the controller, Profiles > RADIUS, a profile named {nas}:
#   authentication server {radius_address}, port 1812, and accounting server {radius_address}, port 1813, both with
{secret}
#   and interim updates every 300 seconds. In the hotspot's portal: RADIUS on, authentication type CHAP.
""",
    portal=False,
)
