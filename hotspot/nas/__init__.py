"""Kinds of NAS as data: what a kind needs in sites.yaml, which secrets, its units and quirks, what to paste into it.

To add a kind, copy one file, add its line to NAS_KINDS, and give it a file in each room that treats it differently.
"""

from hotspot.nas import coovachilli, generic, hostapd, linux, mikrotik, opennds, unifi
from hotspot.nas.kind import NasKind

NAS_KINDS: dict[str, NasKind] = {
    "mikrotik": mikrotik.KIND,
    "coovachilli": coovachilli.KIND,
    "opennds": opennds.KIND,
    "linux": linux.KIND,
    "hostapd": hostapd.KIND,
    "unifi": unifi.KIND,
    "generic": generic.KIND,
}

__all__ = ["NAS_KINDS", "NasKind"]
