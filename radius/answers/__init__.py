"""How each kind of NAS is told a client's limits, one file a kind; those that ask no RADIUS server have none."""

from collections.abc import Callable
from datetime import datetime

from hotspot.allowance import Limits
from hotspot.wire import Attribute
from radius.answers import (
    aruba,
    cambium,
    cisco_wlc,
    coovachilli,
    generic,
    hostapd,
    linux,
    meraki,
    mikrotik,
    ruckus,
    unifi_radius,
)

Answer = Callable[[Limits, datetime | None], tuple[Attribute, ...]]  # the limits, and when they end by the local clock

ANSWERS: dict[str, Answer] = {
    "mikrotik": mikrotik.attributes,
    "coovachilli": coovachilli.attributes,
    "hostapd": hostapd.attributes,
    "unifi-radius": unifi_radius.attributes,
    "ruckus": ruckus.attributes,
    "aruba": aruba.attributes,
    "cisco-wlc": cisco_wlc.attributes,
    "cambium": cambium.attributes,
    "meraki": meraki.attributes,
    "linux": linux.attributes,
    "generic": generic.attributes,
}
