"""A phone's resolver, small enough to ask anything and to show exactly what came back (RFC 1035)."""

from __future__ import annotations

import secrets
import socket
import struct
from dataclasses import dataclass

from tests.peers.gateway_place import inside
from tests.peers.namespace import Namespace

A, NULL, TXT, AAAA = 1, 10, 16, 28
NXDOMAIN = 3


@dataclass(frozen=True)
class Found:
    code: int
    answers: int
    addresses: tuple[str, ...]


def asked(phone: Namespace, server: str, name: str, kind: int = A, seconds: float = 3) -> Found:
    """One query by UDP. A port that nobody lets us reach is a ConnectionRefusedError or an OSError, never a wait."""
    number = secrets.randbelow(65536)
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    question = labels + b"\0" + struct.pack("!HH", kind, 1)
    with inside(phone):
        wire = socket.socket(socket.AF_INET6 if ":" in server else socket.AF_INET, socket.SOCK_DGRAM)
    with wire:
        wire.settimeout(seconds)
        wire.connect((server, 53))
        wire.send(struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + question)
        reply = wire.recv(4096)
    assert int.from_bytes(reply[:2], "big") == number
    return Found(reply[3] & 15, int.from_bytes(reply[6:8], "big"), tuple(_addresses(reply, 12 + len(question))))


def _addresses(reply: bytes, position: int) -> list[str]:
    found = []
    for _ in range(int.from_bytes(reply[6:8], "big")):
        position = _behind_name(reply, position)
        kind, _, _, size = struct.unpack_from("!HHIH", reply, position)
        value = reply[position + 10 : position + 10 + size]
        if kind in (A, AAAA):
            found.append(socket.inet_ntop(socket.AF_INET if kind == A else socket.AF_INET6, value))
        position += 10 + size
    return found


def _behind_name(reply: bytes, position: int) -> int:
    while reply[position]:
        if reply[position] >= 0xC0:  # a pointer ends a name
            return position + 2
        position += 1 + reply[position]
    return position + 1
