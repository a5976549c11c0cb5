"""Visitors as values: MAC, address and port of each, and the frames that they and their peers send (pure)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from itertools import islice

from gateway.admission import FIRST_MARK, Admission
from hotspot.mac import Mac

SINK = IPv4Address("198.51.100.9")  # beyond the internet's namespace, which throws away what it is sent for there
PORT, FIRST_PORT = 9, 20_000
_HOUR = 3600
_ETHERNET, _IP, _UDP = 14, 20, 8


@dataclass(frozen=True)
class Visitor:
    number: int
    address: IPv4Address

    @property
    def mac(self) -> Mac:
        return Mac(f"02005f{self.number:06x}")

    @property
    def port(self) -> int:
        """Of its own, so that a masquerade keeps it and an answer finds its way by it."""
        return FIRST_PORT + self.number

    def admission(self, speed: int = 0) -> Admission:
        return Admission(FIRST_MARK + self.number, self.mac, (self.address,), speed, speed, _HOUR)


def crowd(size: int, network: IPv4Network, taken: Iterable[str]) -> list[Visitor]:
    """As many of the network's addresses as asked for, those aside that somebody has already."""
    free = (address for address in network.hosts() if str(address) not in set(taken))
    return [Visitor(number, address) for number, address in enumerate(islice(free, size))]


def neighbours(visitors: Iterable[Visitor], device: str) -> str:
    """As ``ip -batch`` text: a gateway that need not ask by ARP for visitors who are only frames."""
    return "".join(
        f"neigh replace {visitor.address} lladdr {visitor.mac.colons} dev {device} nud permanent\n"
        for visitor in visitors
    )


def leases(visitors: Iterable[Visitor]) -> str:
    """As dnsmasq writes them, from which openNDS knows whom it may let in ahead."""
    return "".join(f"1999999999 {visitor.mac.colons} {visitor.address} * *\n" for visitor in visitors)


def going_up(visitor: Visitor, gateway: Mac, size: int) -> bytes:
    """A datagram to the internet; ``size`` is the packet's, IP header included."""
    packet = _datagram(visitor.address, visitor.port, SINK, PORT, size)
    return bytes.fromhex(gateway.digits + visitor.mac.digits) + b"\x08\x00" + packet


def coming_down(visitor: Visitor, gateway: Mac, internet: Mac, wan: IPv4Address, size: int) -> bytes:
    """The answer to that, as it arrives at the gateway's other side."""
    packet = _datagram(SINK, PORT, wan, visitor.port, size)
    return bytes.fromhex(gateway.digits + internet.digits) + b"\x08\x00" + packet


def _datagram(source: IPv4Address, port: int, target: IPv4Address, at: int, size: int) -> bytes:
    """Without a UDP checksum, which IPv4 allows (RFC 768)."""
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, size, 0, 0x4000, 64, 17, 0, source.packed, target.packed)
    summed = sum(struct.unpack("!10H", head))
    checksum = ~((summed & 0xFFFF) + (summed >> 16)) & 0xFFFF
    head = head[:10] + struct.pack("!H", checksum) + head[12:]
    return head + struct.pack("!HHHH", port, at, size - _IP, 0) + bytes(size - _IP - _UDP)
