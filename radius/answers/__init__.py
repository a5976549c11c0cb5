"""How each kind of NAS is told a client's limits, one file a kind; those that ask no RADIUS server have none."""

from collections.abc import Callable
from datetime import datetime

from hotspot.allowance import Limits
from hotspot.wire import Attribute
from radius.answers import coovachilli, generic, hostapd, linux, mikrotik, unifi

Answer = Callable[[Limits, datetime | None], tuple[Attribute, ...]]  # the limits, and when they end by the local clock

ANSWERS: dict[str, Answer] = {
    "mikrotik": mikrotik.attributes,
    "coovachilli": coovachilli.attributes,
    "hostapd": hostapd.attributes,
    "unifi": unifi.attributes,
    "linux": linux.attributes,
    "generic": generic.attributes,
}
