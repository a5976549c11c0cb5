"""One DHCP question as octets and what a server offers (RFC 2131): nothing is taken, so no address is used up."""

from __future__ import annotations

import secrets
import socket
import struct
from pathlib import Path

from monitor.probes.way import Way

OPTION_API = 114  # RFC 8910 section 2.1
_COOKIE = b"\x63\x82\x53\x63"  # RFC 2131 section 3


def options(packet: bytes) -> dict[int, bytes]:
    """A DHCP message's options (RFC 2132); a packet that is cut short gives what it has."""
    found, at = {}, 240
    if packet[236:240] != _COOKIE:
        return {}
    while at + 1 < len(packet) and packet[at] != 255:
        if packet[at] == 0:
            at += 1
            continue
        size = packet[at + 1]
        found[packet[at]] = packet[at + 2 : at + 2 + size]
        at += 2 + size
    return found


def discover(way: Way, mac: bytes = b"") -> bytes | None:
    """A server's offer, None when none answers. Without ``mac`` it asks as a new phone would.

    Needs the right to port 68 (CAP_NET_BIND_SERVICE).
    """
    number, mac = secrets.token_bytes(4), mac or bytes([0x02]) + secrets.token_bytes(5)
    head = struct.pack("!BBBB4sHH16s6s202s", 1, 1, 6, 0, number, 0, 0x8000, bytes(16), mac, bytes(202))
    asked = head + _COOKIE + bytes((53, 1, 1, 55, 3, 1, 3, OPTION_API, 255))
    with way.open(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wire.bind(("", 68))
        wire.sendto(asked, ("255.255.255.255", 67))
        try:
            while True:
                answer = wire.recv(4096)
                if answer[4:8] == number and answer[0] == 2:
                    return answer
        except TimeoutError:
            return None


def own(interface: str) -> bytes:
    """An interface's hardware address, by which the server knows it again; nothing where it has none."""
    text = Path("/sys/class/net", interface, "address").read_text(encoding="ascii").strip()
    return bytes.fromhex(text.replace(":", ""))[:6]
