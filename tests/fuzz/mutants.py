"""True packets as pyrad writes them, and what an enemy or a broken NAS makes of them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from pyrad.packet import AcctPacket, AuthPacket  # type: ignore[import-untyped]

from radius.names import Names

SECRET = b"xyzzy5461"
_NUMBERS = (0, 1, 2, 3, 16, 18, 20, 0x7F, 0x80, 0xFD, 0xFF)


def seeds() -> list[bytes]:
    """A login by PAP and by CHAP, a report, an EAP start with a seal, one with many vendor attributes."""
    names = Names().dictionary
    login = AuthPacket(secret=SECRET, dict=names, id=1, User_Name="g" + "a" * 16, authenticator=bytes(range(16)))
    login["User-Password"] = login.PwCrypt("password-of-this")
    login["Calling-Station-Id"] = "02-11-22-AA-BB-CC"
    login.add_message_authenticator()
    chap = AuthPacket(secret=SECRET, dict=names, id=2, User_Name="g" + "b" * 16, authenticator=bytes(range(1, 17)))
    chap[3], chap[60] = [bytes(17)], [bytes(16)]
    report = AcctPacket(secret=SECRET, dict=names, id=3, User_Name="visitor")
    report[40], report[44], report[46] = [bytes((0, 0, 0, 3))], [b"80f00001"], [bytes((0, 0, 14, 16))]
    report[42], report[52], report[25] = [bytes(4)], [bytes(4)], [b"hs1:" + b"0" * 32]
    eap = AuthPacket(secret=SECRET, dict=names, id=4, User_Name="bob", authenticator=bytes(16))
    eap[79] = [b"\x02\x00\x00\x08\x01bob"]
    eap.add_message_authenticator()
    vendors = AuthPacket(secret=SECRET, dict=names, id=5, User_Name="x", authenticator=bytes(16))
    vendors[26] = [bytes((0, 0, 0x3A, 0x8C, 8, 6, 1, 2, 3, 4)), bytes((0, 0, 0x38, 0xDF, 1, 0))]
    vendors[33] = [b"\x00" * 40, b"b" * 253]
    return [bytes(packet.RequestPacket()) for packet in (login, chap, report, eap, vendors)]


def mutant(octets: bytes, random: Random) -> bytes:
    """One to four changes, one after the other; half of the time the length is made right again."""
    for _ in range(random.randint(1, 4)):
        octets = random.choice(_CHANGES)(octets, random) or octets
    if random.random() < 0.5 and len(octets) >= 4:
        octets = octets[:2] + min(len(octets), 0xFFFF).to_bytes(2, "big") + octets[4:]
    return octets


def _bit(octets: bytes, random: Random) -> bytes:
    at = random.randrange(len(octets))
    return octets[:at] + bytes((octets[at] ^ (1 << random.randrange(8)),)) + octets[at + 1 :]


def _octet(octets: bytes, random: Random) -> bytes:
    at = random.randrange(len(octets))
    return octets[:at] + bytes((random.choice(_NUMBERS),)) + octets[at + 1 :]


def _cut(octets: bytes, random: Random) -> bytes:
    return octets[: random.randrange(1, len(octets) + 1)]


def _grow(octets: bytes, random: Random) -> bytes:
    size = random.choice((1, 2, 16, 253, 2000, 5000))
    return octets + bytes((random.choice(_NUMBERS),)) * size


def _attribute(octets: bytes, random: Random) -> bytes:
    """Another attribute of any kind, whose size may lie."""
    value = random.randbytes(random.choice((0, 1, 4, 16, 16, 251)))
    size = random.choice((len(value) + 2, random.choice(_NUMBERS)))
    return octets + bytes((random.choice((1, 2, 3, 26, 33, 79, 80, 0, 241, 255)), size)) + value


def _many(octets: bytes, random: Random) -> bytes:
    return octets + bytes((random.choice((1, 18, 33)), 2)) * random.choice((10, 199, 201, 2000))


def _length(octets: bytes, random: Random) -> bytes:
    return octets[:2] + random.choice((0, 19, 20, 21, 4095, 4096, 4097, 65535)).to_bytes(2, "big") + octets[4:]


def _swap(octets: bytes, random: Random) -> bytes:
    """A piece stands twice, or somewhere else."""
    at, size = random.randrange(len(octets)), random.randrange(1, 40)
    return octets[:at] + octets[at : at + size] + octets[at:]


_CHANGES: tuple[Callable[[bytes, Random], bytes], ...] = (_bit, _octet, _cut, _grow, _attribute, _many, _length, _swap)
