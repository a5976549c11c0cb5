"""openNDS (9.10 of Debian, to v11 by its sources), which asks no RADIUS server: the portal's decision stands.

Level 1 sends the client's hashed token in clear base64, level 2 encrypts it with the faskey; of neither are sessions
accounted. At level 3, over HTTPS, its authmon comes for whom to let in and tells who left: sessions are RADIUS' own.
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
option fasremotefqdn '{portal_host}'
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
