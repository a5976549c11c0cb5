"""hostapd as a RADIUS client (2.10 of Debian): an access point with a MAC list or 802.1X, and no portal behind it.

It wants Message-Authenticator in replies, echoes Class, and ends sessions by its own Disconnect listener. It limits
neither speed nor data. NAS-Identifier has to be another one for each BSS, because Accounting-On speaks of one BSS.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="hostapd",
    speaks_radius=True,
    needs=(),
    secrets=(),
    paste="""\
# hostapd.conf
nas_identifier={nas}
macaddr_acl=2
auth_server_addr={radius_address}
auth_server_port=1812
auth_server_shared_secret={secret}
acct_server_addr={radius_address}
acct_server_port=1813
acct_server_shared_secret={secret}
radius_das_port={coa_port}
radius_das_client={radius_address} {secret}
radius_das_require_event_timestamp=1
radius_das_require_message_authenticator=1
""",
    portal=False,
)
