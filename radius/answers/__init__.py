"""How each kind of NAS is told a client's limits, one file a kind; those that ask no RADIUS server have none."""

from collections.abc import Callable

from hotspot.allowance import Limits
from hotspot.wire import Attribute
from radius.answers import coovachilli, linux, mikrotik

ANSWERS: dict[str, Callable[[Limits], tuple[Attribute, ...]]] = {
    "mikrotik": mikrotik.attributes,
    "coovachilli": coovachilli.attributes,
    "linux": linux.attributes,
}
