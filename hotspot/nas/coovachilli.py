"""CoovaChilli (1.8 or later), a UAM redirector.

Units: WISPr-Bandwidth-Max-Up/Down are bit/s; CoovaChilli-Max-*-Octets carry the low 32 bits, their Gigawords the rest,
and 0 means no limit. Its URL decoder does not turn "+" into a space, and names are case-sensitive.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="coovachilli",
    speaks_radius=True,
    extends=True,
    needs=("uam",),
    secrets=("uam",),
    paste="""\
HS_NASID={nas}
HS_RADIUS={radius_address}
HS_RADSECRET={secret}
HS_UAMSECRET={uam_secret}
HS_UAMFORMAT={portal_url}/arrive/{nas}
HS_UAMALLOW={portal_host}
HS_UAMLISTEN={uam_ip}
HS_UAMPORT={uam_port}
HS_COAPORT={coa_port}
# in /etc/chilli/local.conf (from 1.9 on; only where the portal has https). %{{s}} is the session's own number: no
# address of ours has a MAC in it.
captiveportalapi_uri {portal_url}/api/captive/{nas}/%{{s}}
captiveportalvenue_info_url {portal_url}/venue/{site}
""",
    family="""\
HS_DNS1={family_dns_1}
HS_DNS2={family_dns_2}
HS_DNSPARANOIA=on
""",
)
