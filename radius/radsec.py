"""RADIUS inside TLS (RFC 6614) by Debian's radsecproxy: its configuration at the office, and at a site (pure).

radsecproxy chooses a server by User-Name alone, so the office's proxy writes whose certificate a request came under
behind the name, picks by that, and takes it off again. Each NAS has a loopback address of its own, from and to which
its packets go under its own secret: by it RADIUS knows the NAS, and radsecproxy which request a reply belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PORT = 2083
_SEAL = "%00" * 16  # radsecproxy computes it when it sends

_OFFICE = """\
# Made by: hotspot-radius radsec. It holds secrets: mode 0640, group radsecproxy. Make it again when sites.yaml or a
# secret changes, then: systemctl restart radsecproxy
ListenTLS {listen}
LogLevel 2
LogFullUsername off
LogMAC FullyHashed
tls default {{
    CACertificateFile {folder}/ca.pem
    CertificateFile {folder}/office.pem
    CertificateKeyFile {folder}/office.key
    TlsVersion TLS1_2:
}}
"""

_NAS = """
rewrite in-{nas} {{
    ModifyAttribute 1:/^(.*)$/\\1@{nas}/
    SupplementAttribute 1:'@{nas}
}}
rewrite auth-{nas} {{
    ModifyAttribute 1:/^(.*)@{nas}$/\\1/
    SupplementAttribute 80:'{seal}
}}
rewrite acct-{nas} {{
    ModifyAttribute 1:/^(.*)@{nas}$/\\1/
}}
client {nas} {{
    Host 0.0.0.0/0
    Host [::]/0
    Type tls
    Secret radsec
    CertificateNameCheck off
    MatchCertificateAttribute CN:/^{nas}$/
    RewriteIn in-{nas}
}}
server auth-{nas} {{
    Host {source}:{auth_port}
    Type udp
    Secret {secret}
    Source {source}
    RewriteOut auth-{nas}
}}
server acct-{nas} {{
    Host {source}:{acct_port}
    Type udp
    Secret {secret}
    Source {source}
    RewriteOut acct-{nas}
}}
realm /@{nas}$/ {{
    Server auth-{nas}
    AccountingServer acct-{nas}
}}
"""

_SITE = """\
# Made by: hotspot-radius radsec {nas}. For a box with radsecproxy of its own: the NAS asks it at 127.0.0.1.
# It holds a secret: mode 0640, group radsecproxy. {folder} needs ca.pem, {nas}.pem and {nas}.key.
ListenUDP {listen_auth}
ListenUDP {listen_acct}
LogLevel 2
LogFullUsername off
LogMAC FullyHashed
tls default {{
    CACertificateFile {folder}/ca.pem
    CertificateFile {folder}/{nas}.pem
    CertificateKeyFile {folder}/{nas}.key
    TlsVersion TLS1_2:
}}
rewrite named {{
    SupplementAttribute 1:'-
}}
client nas {{
    Host 127.0.0.1
    Type udp
    Secret {secret}
    RewriteIn named
}}
server office {{
    Host {office}
    Type tls
    Secret radsec
    TCPKeepalive on
    StatusServer minimal
}}
realm * {{
    Server office
    AccountingServer office
}}
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """A NAS that comes inside TLS: ``source`` is the loopback address that stands for it."""

    nas: str
    secret: str
    source: str


def office(callers: Iterable[Caller], *, listen: str, auth_port: int, acct_port: int, folder: str) -> str:
    """RADIUS listens on all addresses at these ports; ``folder`` holds the certificates."""
    head = _OFFICE.format(listen=listen, folder=folder)
    return head + "".join(
        _NAS.format(
            nas=c.nas, secret=_escaped(c.secret), source=c.source, auth_port=auth_port, acct_port=acct_port, seal=_SEAL
        )
        for c in callers
    )


def site(caller: Caller, *, office: str, folder: str, listen_auth: str, listen_acct: str) -> str:
    """``office`` is the name in the office's certificate, with a port where that is not 2083.

    An Accounting-On has no User-Name, and radsecproxy would answer it itself: it gets one on the way.
    """
    return _SITE.format(
        nas=caller.nas, secret=_escaped(caller.secret), office=office, folder=folder,
        listen_auth=listen_auth, listen_acct=listen_acct,
    )  # fmt: skip


def _escaped(secret: str) -> str:
    """Octets that radsecproxy would read as something else, as it spells them itself."""
    return "".join(c if c.isalnum() or c in "-_.:+/=" else "".join(f"%{o:02x}" for o in c.encode()) for c in secret)
