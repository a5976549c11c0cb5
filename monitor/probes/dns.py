"""A question to a resolver and its answer as octets (RFC 1035), and what an answer says of the resolver (pure)."""

from __future__ import annotations

import secrets
import socket
import struct
from dataclasses import dataclass

from monitor.probes.result import Result

PORT = 53
A, AAAA = 1, 28
_WORDS = {0: "no error", 1: "format error", 2: "server failure", 3: "no such name", 4: "not implemented", 5: "refused"}


@dataclass(frozen=True)
class Reply:
    code: int
    addresses: tuple[str, ...]

    @property
    def word(self) -> str:
        return _WORDS.get(self.code, f"error {self.code}")


def question(host: str, kind: int = A) -> bytes:
    name = b"".join(bytes([len(label)]) + label for label in host.rstrip(".").encode("idna").split(b"."))
    return struct.pack("!HHHHHH", secrets.randbits(16), 0x0100, 1, 0, 0, 0) + name + b"\0" + struct.pack("!HH", kind, 1)


def read_reply(asked: bytes, datagram: bytes) -> Reply:
    """OSError for what is no answer to this question: whoever guesses may send such."""
    if len(datagram) < 12 or datagram[:2] != asked[:2] or not datagram[2] & 0x80:
        raise OSError("what came back is no answer to this question")
    try:
        return Reply(datagram[3] & 15, tuple(_addresses(datagram)))
    except (IndexError, struct.error):
        raise OSError("the resolver's answer is cut short") from None


def judge(reply: Reply | OSError, seconds: float) -> Result:
    """Well: it knows at least one address."""
    if isinstance(reply, OSError):
        return Result(ok=False, why=f"the resolver does not answer: {reply.strerror or reply}")
    if not reply.addresses:
        return Result(ok=False, why=f"the resolver knows no address: {reply.word}")
    return Result(ok=True, seconds=seconds)


def _addresses(reply: bytes) -> list[str]:
    questions, answers = struct.unpack_from("!HH", reply, 4)
    position = 12
    for _ in range(questions):
        position = _behind_name(reply, position) + 4
    found = []
    for _ in range(answers):
        position = _behind_name(reply, position)
        kind, _, _, size = struct.unpack_from("!HHIH", reply, position)
        value = reply[position + 10 : position + 10 + size]
        if (kind, size) in ((A, 4), (AAAA, 16)):
            found.append(socket.inet_ntop(socket.AF_INET if kind == A else socket.AF_INET6, value))
        position += 10 + size
    return found


def _behind_name(reply: bytes, position: int) -> int:
    while reply[position]:
        if reply[position] >= 0xC0:  # a pointer ends a name (section 4.1.4)
            return position + 2
        position += reply[position] + 1
    return position + 1
