"""NAS kinds at the portal, one file each. To add one, copy a file and add its line to KINDS."""

from captive_portal.nas import (
    aruba,
    cambium,
    cisco_wlc,
    coovachilli,
    generic,
    linux,
    meraki,
    mikrotik,
    omada,
    opennds,
    ruckus,
    unifi,
)
from captive_portal.nas.kind import Arrival, Door, Kind, News, Posting, Refusal

KINDS: dict[str, Kind] = {
    "mikrotik": mikrotik,
    "coovachilli": coovachilli,
    "opennds": opennds,
    "linux": linux,
    "unifi": unifi,
    "omada": omada,
    "ruckus": ruckus,
    "aruba": aruba,
    "cisco-wlc": cisco_wlc,
    "cambium": cambium,
    "meraki": meraki,
    "generic": generic,
}

__all__ = ["KINDS", "Arrival", "Door", "Kind", "News", "Posting", "Refusal"]
