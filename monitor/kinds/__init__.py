"""How each kind of device is read. To add one, copy a file, add its line here and its name to hotspot/devices.py."""

from monitor.kinds import generic, jetstream, mikrotik, unifi
from monitor.kinds.kind import Figure, Found, Kind

KINDS: dict[str, Kind] = {kind.name: kind for kind in (generic.KIND, mikrotik.KIND, unifi.KIND, jetstream.KIND)}


def kind_of(name: str) -> Kind:
    """A NAS is read as the device of its kind's name, if there is one, and by the standard MIBs otherwise."""
    return KINDS.get(name, generic.KIND)


__all__ = ["KINDS", "Figure", "Found", "Kind", "kind_of"]
