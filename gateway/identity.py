"""How a gateway names itself and its clients to RADIUS (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from gateway.session import Address
from hotspot.mac import Mac
from hotspot.wire import Attr, Attribute, integer, text

MOST_ADDRESSES = 16  # a client can make itself more; a report has 4096 octets
_WIRELESS = 19  # NAS-Port-Type Wireless-802.11 (RFC 2865 section 5.41)


@dataclass(frozen=True)
class Identity:
    """The gateway's id in sites.yaml, and its address there."""

    nas: str
    address: Address

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        kind = Attr.NAS_IP_ADDRESS if self.address.version == 4 else Attr.NAS_IPV6_ADDRESS
        return text(Attr.NAS_IDENTIFIER, self.nas), (kind, self.address.packed), integer(Attr.NAS_PORT_TYPE, _WIRELESS)


def client_attributes(mac: Mac, addresses: Sequence[Address]) -> tuple[Attribute, ...]:
    """One IPv4 address at most (RFC 2865 section 5.8), and each that the client has of IPv6 (RFC 6911 section 3.1)."""
    four = sorted(address for address in addresses if isinstance(address, IPv4Address))
    six = sorted(address for address in addresses if isinstance(address, IPv6Address))
    return (
        text(Attr.CALLING_STATION_ID, mac.dashes),
        *((Attr.FRAMED_IP_ADDRESS, address.packed) for address in four[:1]),
        *((Attr.FRAMED_IPV6_ADDRESS, address.packed) for address in six[:MOST_ADDRESSES]),
    )
