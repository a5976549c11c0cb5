"""NAS kinds at the portal, one file each. To add one, copy a file and add its line to KINDS."""

from captive_portal.nas import coovachilli, linux, mikrotik, opennds
from captive_portal.nas.kind import Arrival, Door, Kind, News, Refusal

KINDS: dict[str, Kind] = {
    "mikrotik": mikrotik,
    "coovachilli": coovachilli,
    "opennds": opennds,
    "linux": linux,
}

__all__ = ["KINDS", "Arrival", "Door", "Kind", "News", "Refusal"]
