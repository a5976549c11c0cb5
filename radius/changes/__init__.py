"""Disconnect and change of authorisation, one file a kind of NAS; UniFi's controller takes neither by RADIUS.

A kind that sites.yaml knows as "unverified" is asked as any other NAS is; it ends sessions, if it does, by its name.
"""

from radius.changes import coovachilli, generic, hostapd, linux, mikrotik
from radius.changes.kind import ChangeKind, SoFar, Target, named

CHANGES: dict[str, ChangeKind] = {
    "mikrotik": mikrotik.KIND,
    "coovachilli": coovachilli.KIND,
    "hostapd": hostapd.KIND,
    "linux": linux.KIND,
    "generic": generic.KIND,
    **dict.fromkeys(("ruckus", "aruba", "cisco-wlc", "cambium", "meraki"), ChangeKind(identify=named)),
}

__all__ = ["CHANGES", "ChangeKind", "SoFar", "Target"]
