# SPDX-License-Identifier: GPL-2.0-only
"""What a network says of itself unasked: gateways by ARP, routers by RA, switches by LLDP, CDP and MNDP.

The kernel's filter lets only such frames through and nobody's traffic. Of a frame only these announcements are read;
of an ARP answer only whether it speaks for the gateway.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from scapy.layers.inet import UDP
from scapy.layers.inet6 import ICMPv6ND_RA, ICMPv6NDOptPrefixInfo, IPv6
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet

_MNDP_PORT = 5678
_LLDP = 0x88CC  # IEEE 802.1AB
_CDP = b"\xaa\xaa\x03\x00\x00\x0c\x20\x00"  # LLC and SNAP of Cisco's protocol
_LONGEST = 64


@dataclass(frozen=True)
class Claim:
    """``kind`` is arp, ra, lldp, cdp or mndp; ``who`` a gateway's address, a prefix or a neighbour's name.

    ``maker`` is the first half of the hardware address, ``mark`` tells two stations of one maker apart.
    """

    kind: str
    who: str
    port: str = ""
    maker: str = ""
    mark: str = ""


def kernel_filter(gateway: str) -> str:
    """``gateway``: the address whose ARP answers are looked at, empty for none."""
    parts = ["icmp6 and ip6[40] = 134", "ether proto 0x88cc", "ether dst 01:00:0c:cc:cc:cc", f"udp port {_MNDP_PORT}"]
    if gateway:
        parts.append(f"arp src host {gateway}")
    return " or ".join(f"({part})" for part in parts)


def claims(packet: Packet, gateway: str) -> Iterator[Claim]:
    """What a frame claims."""
    octets = bytes(packet)
    if ARP in packet and gateway and packet[ARP].psrc == gateway:
        yield Claim("arp", gateway, maker=str(packet[ARP].hwsrc)[:8], mark=_mark(packet[ARP].hwsrc))
    elif ICMPv6ND_RA in packet and packet[ICMPv6ND_RA].routerlifetime:
        yield _router(packet)
    elif Ether in packet and packet[Ether].type == _LLDP:
        yield from _lldp(octets[14:])
    elif octets[14:22] == _CDP:
        yield from _cdp(octets[26:])
    elif UDP in packet and packet[UDP].dport == _MNDP_PORT:
        yield from _mndp(bytes(packet[UDP].payload))


def _router(packet: Packet) -> Claim:
    prefix = packet[ICMPv6NDOptPrefixInfo].prefix if ICMPv6NDOptPrefixInfo in packet else ""
    return Claim("ra", str(packet[IPv6].src), str(prefix), str(packet[Ether].src)[:8], _mark(packet[Ether].src))


def _lldp(frame: bytes) -> Iterator[Claim]:
    """TLVs of seven bits kind and nine bits length: 2 is the port's id, 5 the system's name."""
    found = {}
    while len(frame) >= 2:
        head = int.from_bytes(frame[:2], "big")
        kind, size = head >> 9, head & 511
        if kind == 0:
            break
        found[kind] = frame[2 : 2 + size]
        frame = frame[2 + size :]
    if 5 in found:
        yield Claim("lldp", _text(found[5]), _text(found.get(2, b"")[1:]))


def _cdp(frame: bytes) -> Iterator[Claim]:
    """Kind, length with its head, value: 1 is the device, 3 its port."""
    found = {}
    while len(frame) >= 4:
        kind, size = struct.unpack_from("!HH", frame)
        if size < 4:
            break
        found[kind] = frame[4:size]
        frame = frame[size:]
    if 1 in found:
        yield Claim("cdp", _text(found[1]), _text(found.get(3, b"")))


def _mndp(datagram: bytes) -> Iterator[Claim]:
    """MikroTik's: four octets, then kind, length, value; 5 is the identity, 16 the interface."""
    found, rest = {}, datagram[4:]
    while len(rest) >= 4:
        kind, size = struct.unpack_from("!HH", rest)
        found[kind] = rest[4 : 4 + size]
        rest = rest[4 + size :]
    if 5 in found:
        yield Claim("mndp", _text(found[5]), _text(found.get(16, b"")))


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace").strip("\0")[:_LONGEST]


def _mark(mac: str) -> str:
    """A number of two stations that look alike by their maker, from which no address can be read back."""
    return str(sum(bytes.fromhex(str(mac).replace(":", ""))[3:]) % 97)
