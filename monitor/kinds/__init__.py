"""How each kind of device is read. To add one, copy a file, add its line here and its name to hotspot/devices.py."""

from monitor.kinds import (
    airmax,
    aruba,
    cambium,
    cisco,
    cisco_wlc,
    eap,
    fiberhome_olt,
    generic,
    huawei,
    huawei_olt,
    jetstream,
    mikrotik,
    ruckus,
    ufiber_olt,
    unifi,
    vsol_olt,
    zte_olt,
)
from monitor.kinds.kind import Figure, Found, Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        generic.KIND,
        mikrotik.KIND,
        unifi.KIND,
        airmax.KIND,
        ruckus.SMARTZONE,
        ruckus.ZONEDIRECTOR,
        ruckus.UNLEASHED,
        aruba.KIND,
        cisco.KIND,
        cisco_wlc.KIND,
        cambium.EPMP,
        cambium.CNPILOT,
        eap.KIND,
        jetstream.KIND,
        huawei.KIND,
        huawei_olt.KIND,
        zte_olt.KIND,
        fiberhome_olt.KIND,
        vsol_olt.KIND,
        ufiber_olt.KIND,
    )
}


def kind_of(name: str) -> Kind:
    """A NAS is read as the device of its kind's name, if there is one, and by the standard MIBs otherwise."""
    return KINDS.get(name, generic.KIND)


__all__ = ["KINDS", "Figure", "Found", "Kind", "kind_of"]
