"""NAS kinds at the portal, one file each. To add one, copy a file and add its line to KINDS."""

from captive_portal.nas import coovachilli, generic, linux, mikrotik, opennds
from captive_portal.nas.kind import Arrival, Door, Kind, News, Refusal

KINDS: dict[str, Kind] = {
    "mikrotik": mikrotik,
    "coovachilli": coovachilli,
    "opennds": opennds,
    "linux": linux,
    "generic": generic,
}

__all__ = ["KINDS", "Arrival", "Door", "Kind", "News", "Refusal"]
