"""Kinds of NAS as data: what a kind needs in sites.yaml, which secrets, its units and quirks, what to paste into it.

To add a kind, copy one file, add its line to NAS_KINDS, and give it a file in each room that treats it differently.
"""

from hotspot.nas import (
    aruba,
    cambium,
    cisco_wlc,
    coovachilli,
    generic,
    hostapd,
    linux,
    meraki,
    mikrotik,
    omada,
    opennds,
    ruckus,
    unifi,
    unifi_radius,
)
from hotspot.nas.kind import NasKind

NAS_KINDS: dict[str, NasKind] = {
    "mikrotik": mikrotik.KIND,
    "coovachilli": coovachilli.KIND,
    "opennds": opennds.KIND,
    "linux": linux.KIND,
    "hostapd": hostapd.KIND,
    "unifi": unifi.KIND,
    "unifi-radius": unifi_radius.KIND,
    "omada": omada.KIND,
    "ruckus": ruckus.KIND,
    "aruba": aruba.KIND,
    "cisco-wlc": cisco_wlc.KIND,
    "cambium": cambium.KIND,
    "meraki": meraki.KIND,
    "generic": generic.KIND,
}

__all__ = ["NAS_KINDS", "NasKind"]
