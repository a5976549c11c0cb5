"""Disconnect and change of authorisation, one file a kind of NAS; UniFi's controller takes neither by RADIUS."""

from radius.changes import coovachilli, generic, hostapd, linux, mikrotik
from radius.changes.kind import ChangeKind, SoFar, Target

CHANGES: dict[str, ChangeKind] = {
    "mikrotik": mikrotik.KIND,
    "coovachilli": coovachilli.KIND,
    "hostapd": hostapd.KIND,
    "linux": linux.KIND,
    "generic": generic.KIND,
}

__all__ = ["CHANGES", "ChangeKind", "SoFar", "Target"]
