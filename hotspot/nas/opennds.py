"""openNDS (9.10 of Debian), which asks no RADIUS server: the portal's decision stands, and sessions are not accounted.

Level 1 sends the client's hashed token in clear base64; level 2 encrypts it with the faskey and is to be preferred.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="opennds",
    speaks_radius=False,
    needs=("fas",),
    secrets=("faskey",),
    paste="""\
option fasport '{portal_port}'
option fasremoteip '{portal_host}'
option faspath '/arrive/{nas}'
option fas_secure_enabled '{fas_level}'
option faskey '{faskey_secret}'
""",
    family="""\
# in /etc/dnsmasq.d/family.conf, with no other server beside it (no-resolv):
no-resolv
server={family_dns_1}
server={family_dns_2}
""",
)
