"""Any NAS that sends a visitor's browser to a page with the MAC in its address, and takes a login by GET (WISPr).

Units: WISPr-Bandwidth-Max-Up/Down in bit/s; WISPr-Session-Terminate-Time with the zone. Data is not cut by the NAS:
RADIUS ends the session when it learns that the data is used up.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="generic",
    speaks_radius=True,
    needs=("login_url",),
    secrets=(),
    paste="""\
# RADIUS: authentication {radius_address}:1812, accounting {radius_address}:1813, Message-Authenticator on, interim
# updates as the Accept says, Disconnect and CoA on port {coa_port} from {radius_address}. The shared secret:
{secret}
# Before login let through {portal_host}, and send browsers to (the NAS's own words for MAC and address in place)
{portal_url}/arrive/{nas}?mac=<MAC>&ip=<IP>
# and after a refusal to the same with &error=<reply message>. The login page has to take username and password by GET.
""",
)
