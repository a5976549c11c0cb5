"""A Debian box of ours with two interfaces (the room ``gateway``): its kernel enforces, RADIUS decides.

Units are CoovaChilli's: WISPr-Bandwidth-Max-Up/Down in bit/s, CoovaChilli-Max-Total-Octets with Gigawords. The login
redirect is signed with the secret ``nas-<id>-uam`` over its raw text, so that nothing is decoded before it is proved.
"""

from __future__ import annotations

import hmac

from hotspot.nas.kind import NasKind
from hotspot.secret import Secret

KIND = NasKind(
    name="linux",
    speaks_radius=True,
    extends=True,
    needs=("gateway",),
    secrets=("uam",),
    paste="""\
# As root on the box, which has its own copy of sites.yaml as /etc/hotspot/sites.yaml:
apt install nftables iproute2 dnsmasq-base python3-venv
id hotspot || useradd --system --home /var/lib/hotspot hotspot
install -d -o hotspot -m 700 /var/lib/hotspot /var/lib/hotspot/secrets
install -o hotspot -m 600 /dev/stdin /var/lib/hotspot/secrets/nas-{nas} <<'END'
{secret}
END
install -o hotspot -m 600 /dev/stdin /var/lib/hotspot/secrets/nas-{nas}-uam <<'END'
{uam_secret}
END
HOTSPOT_STATE=/var/lib/hotspot /opt/hotspot/bin/hotspot-gateway check --nas {nas} --sites /etc/hotspot/sites.yaml
# On the portal's side nothing is to be done; the firewall before it lets RADIUS in from the box,
# and Disconnect and change of authorisation out to its UDP port {coa_port}.
""",
    family="# The family filter of this site is in its sites.yaml; the box asks {family_dns} alone.\n",
)


def signature(url: str, secret: Secret) -> str:
    """Of a redirect's whole text before ``&sig=``, from ``https://`` on."""
    return hmac.digest(secret.octets, b"arrive:" + url.encode("latin-1", "replace"), "sha256").hex()
