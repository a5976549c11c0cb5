"""Packets that have brought RADIUS servers down, one for each way: built octet by octet, true in everything else."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hotspot.wire.proof import request_authenticator
from hotspot.wire.request import hidden

RANDOM = bytes(range(16))
LOGIN, REPORT, STATUS = 1, 4, 12


@dataclass(frozen=True, slots=True)
class Known:
    """What a packet has to know to be believed but for its fault."""

    secret: bytes
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class Odd:
    """``fault`` in words, ``source`` where it is known from; ``port`` is auth or acct."""

    fault: str
    source: str
    port: str
    make: Callable[[Known], bytes]


def attribute(kind: int, value: bytes, size: int | None = None) -> bytes:
    """``size`` where it lies."""
    return bytes((kind, len(value) + 2 if size is None else size)) + value


def vendor(number: int, inside: bytes) -> bytes:
    return attribute(26, number.to_bytes(4, "big") + inside)


def packet(code: int, body: bytes, secret: bytes, *, seal: int | None = None, length: int | None = None) -> bytes:
    """``seal`` is where in the body its Message-Authenticator stands; proofs are right for what is written."""
    if seal is not None:
        body = body[:seal] + attribute(80, bytes(16)) + body[seal:]
    size = (len(body) + 20 if length is None else length) & 0xFFFF
    head = bytes((code, 7)) + size.to_bytes(2, "big")
    proof = bytes(16) if code == REPORT else RANDOM
    if seal is not None:
        made = hmac.digest(secret, head + proof + body, "md5")
        body = body[: seal + 2] + made + body[seal + 18 :]
    return head + (request_authenticator(head + proof + body, secret) if code == REPORT else proof) + body


def names(known: Known, word: bytes | None = None) -> bytes:
    """User-Name, User-Password and Calling-Station-Id; ``word`` in the hidden password's place."""
    password = hidden(known.password.encode(), RANDOM, known.secret)[1] if word is None else word
    return attribute(1, known.name.encode()) + attribute(2, password) + attribute(31, b"02-11-22-AA-BB-CC")


def login(more: bytes = b"", *, seal: int | None = 0, length: int | None = None) -> Callable[[Known], bytes]:
    return lambda known: packet(LOGIN, names(known) + more, known.secret, seal=seal, length=length)


def report(more: bytes = b"", status: bytes = b"\0\0\0\1", *, seal: int | None = None) -> Callable[[Known], bytes]:
    body = attribute(40, status) + attribute(44, b"80f00001")
    return lambda known: packet(REPORT, body + more, known.secret, seal=seal)


def bare(body: bytes, code: int = LOGIN, seal: int | None = 0) -> Callable[[Known], bytes]:
    return lambda known: packet(code, body, known.secret, seal=seal)


def with_word(word: bytes, more: bytes = b"") -> Callable[[Known], bytes]:
    return lambda known: packet(LOGIN, names(known, word) + more, known.secret, seal=0)


def cut(octets: int) -> Callable[[Known], bytes]:
    return lambda known: login()(known)[:octets]


def padded(make: Callable[[Known], bytes]) -> Callable[[Known], bytes]:
    return lambda known: make(known) + bytes(4200)


def full(known: Known, code: int = LOGIN, size: int = 4096) -> bytes:
    """Attributes that nobody knows, up to the last octet."""
    room = size - 20 - 18 - len(names(known))
    body = names(known) + attribute(222, bytes(200)) * (room // 202)
    rest = size - 20 - 18 - len(body)
    return packet(code, body + (attribute(222, bytes(rest - 2)) if rest >= 2 else b""), known.secret, seal=0)


def sealed_twice(known: Known) -> bytes:
    return packet(LOGIN, names(known) + attribute(80, bytes(16)), known.secret, seal=0)


def spoilt(known: Known) -> bytes:
    octets = login()(known)
    return octets[:30] + bytes((octets[30] ^ 1,)) + octets[31:]


def faults() -> Iterator[Odd]:
    """All of them; what a NAS may well send stands among them, so that a server that drops everything fails."""
    yield from _sizes()
    yield from _attributes()
    yield from _seals()
    yield from _values()
    yield from _reports()


def _sizes() -> Iterator[Odd]:
    rfc, freeradius = "RFC 2865 section 3", "rad_packet_ok"
    yield Odd("nothing is wrong", rfc, "auth", login())
    yield Odd("no octet at all", rfc, "auth", lambda _: b"")
    yield Odd("one octet", rfc, "auth", cut(1))
    yield Odd("19 octets", rfc, "auth", cut(19))
    yield Odd("cut off by one octet", rfc, "auth", lambda known: login()(known)[:-1])
    yield Odd("octets behind its Length", rfc, "auth", lambda known: login()(known) + b"padding")
    for length in (0, 19, 4097, 65535):
        yield Odd(f"Length {length}", rfc, "auth", padded(login(length=length)))
    yield Odd("4096 octets", "CVE-2001-1376", "auth", full)
    yield Odd("4097 octets", rfc, "auth", lambda known: full(known, size=4097))
    for code in (0, 2, 3, 5, 11, 13, 40, 43, 52, 53, 255):
        yield Odd(f"code {code}", freeradius, "auth", bare(attribute(1, b"bob"), code))
    yield Odd("Accounting-Request at the port for logins", freeradius, "auth", report())
    yield Odd("Access-Request at the port for reports", freeradius, "acct", login())


def _attributes() -> Iterator[Odd]:
    freeradius = "rad_packet_ok"
    yield Odd("attribute 0", freeradius, "auth", login(attribute(0, b"abcd")))
    yield Odd("attribute of size 0", "CVE-2021-29629", "auth", login(attribute(222, b"", 0)))
    yield Odd("attribute of size 1", freeradius, "auth", login(attribute(222, b"", 1)))
    yield Odd("attribute that runs over the end", freeradius, "auth", login(attribute(222, b"bob", 32)))
    yield Odd("one octet left over", freeradius, "auth", login(b"\x01"))
    for number in (200, 201, 2000):
        yield Odd(f"{number} attributes", "max_attributes", "auth", login(attribute(222, b"") * (number - 4)))
    yield Odd("vendor's attribute without a vendor", "CVE-2001-1377", "auth", login(attribute(26, b"")))
    yield Odd("vendor's attribute of three octets", "CVE-2001-1377", "auth", login(attribute(26, b"\0\0\x3a")))
    for size in (0, 1, 200):
        inside = bytes((8, size)) + b"abcd"
        yield Odd(f"size {size} inside a vendor's attribute", "CVE-2001-1377", "auth", login(vendor(14988, inside)))
    wimax = (("that goes on and does not", 0x80), ("with a lie inside", 0))
    for told, flag in wimax:
        inside = bytes((1, 9, flag, 1, 250)) + b"abcd"
        yield Odd(f"WiMAX attribute {told}", "CVE-2017-10982, -10984", "auth", login(vendor(24757, inside)))
    yield Odd("extended attribute without its type", "RFC 6929", "auth", login(attribute(241, b"")))
    yield Odd("long extended attribute without flags", "RFC 6929", "auth", login(attribute(245, b"\1")))
    yield Odd(
        "long extended attribute that goes on and does not", "RFC 6929", "auth", login(attribute(245, b"\1\x80x"))
    )
    yield Odd("extended vendor's attribute cut short", "RFC 6929", "auth", login(attribute(246, b"\x1a\0\0\0")))
    yield Odd("TLV with a size of 0", "RFC 6929", "auth", login(attribute(241, b"\x01\x01\x00")))
    eap = attribute(79, b"\2\0\x0f\xa0\x01" + bytes(248)) * 14
    yield Odd("EAP-Message in 14 pieces", "CVE-2017-10979, -10985", "auth", bare(attribute(1, b"bob") + eap))


def _seals() -> Iterator[Odd]:
    blast, eap = "CVE-2024-3596", attribute(79, b"\2\0\0\x08\x01bob")
    name = attribute(1, b"bob")
    yield Odd("Message-Authenticator last", "RFC 3579", "auth",
              lambda known: packet(LOGIN, names(known), known.secret, seal=len(names(known))))  # fmt: skip
    yield Odd("Message-Authenticator not true", "RFC 3579", "auth", spoilt)
    yield Odd("two Message-Authenticators", "RFC 3579", "auth", sealed_twice)
    for size in (0, 15, 17):
        more = attribute(80, bytes(size))
        yield Odd(f"Message-Authenticator of {size} octets", "rad_packet_ok", "auth", login(more, seal=None))
    yield Odd("no Message-Authenticator", blast, "auth", login(seal=None))
    yield Odd("no Message-Authenticator, Proxy-State", blast, "auth", login(attribute(33, b"x"), seal=None))
    yield Odd("Proxy-State, sealed", blast, "auth", login(attribute(33, b"x")))
    yield Odd("2,024 octets of Proxy-State, sealed", blast, "auth", login(attribute(33, bytes(253)) * 8))
    yield Odd("3,795 octets of Proxy-State, sealed", blast, "auth", login(attribute(33, bytes(253)) * 15))
    yield Odd("EAP without Message-Authenticator", "RFC 3579", "auth", bare(name + eap, seal=None))
    yield Odd("EAP", "RFC 3579", "auth", bare(name + eap))
    yield Odd("EAP and a password", "RFC 3579", "auth", login(eap))
    yield Odd(
        "EAP-SIM cut short", "CVE-2022-41860", "auth", bare(name + attribute(79, b"\2\1\0\x0c\x12\x0a\0\0\7\xff"))
    )
    yield Odd("EAP-PWD of one octet", "CVE-2022-41859", "auth", bare(name + attribute(79, b"\2\1\0\x06\x34\xff")))
    yield Odd("Status-Server", "RFC 5997", "auth", bare(b"", STATUS))
    yield Odd("Status-Server without Message-Authenticator", "RFC 5997", "auth", bare(name, STATUS, None))
    yield Odd("Status-Server for reports", "RFC 5997", "acct", bare(b"", STATUS))


def _values() -> Iterator[Odd]:
    yield Odd("no attribute but the seal", "RFC 2865 section 4.1", "auth", bare(b""))
    yield Odd("User-Name of no octet", "FR-GV-207", "auth", bare(attribute(1, b"")))
    yield Odd("NUL and line ends in User-Name", "FR-AD-001", "auth", bare(attribute(1, b"a\0b\r\nroot")))
    yield Odd("User-Name of 253 octets", "RFC 2865 section 5", "auth", bare(attribute(1, b"n" * 253)))
    for size in (0, 1, 15, 17, 144, 240):
        yield Odd(f"User-Password of {size} octets", "CVE-2017-10978", "auth", with_word(bytes(size)))
    for size in (0, 16, 18):
        chap = attribute(1, b"bob") + attribute(3, bytes(size))
        yield Odd(f"CHAP-Password of {size} octets", "RFC 2865 section 5.3", "auth", bare(chap))
    yield Odd("CHAP-Challenge of no octet", "RFC 2865 section 5.40", "auth",
              bare(attribute(1, b"bob") + attribute(3, bytes(17)) + attribute(60, b"")))  # fmt: skip
    for size in (1, 3):
        tunnel = attribute(69, b"\1\x80\1\xff"[:size])
        yield Odd(f"Tunnel-Password of {size} octets", "CVE-2004-0938", "auth", login(tunnel))
    yield Odd("Ascend-Send-Secret in a request", "CVE-2004-0938", "auth", login(vendor(529, b"\xd6\x06abcd")))
    yield Odd("Ascend filter that is none", "CVE-2022-41861", "auth", login(vendor(529, b"\xf2\x05abc")))
    sizes = ((5, 3, "NAS-Port"), (4, 3, "NAS-IP-Address"), (96, 7, "Framed-Interface-Id"), (55, 5, "Event-Timestamp"))
    for kind, size, told in sizes:
        yield Odd(f"{told} of {size} octets", "CVE-2017-10988", "auth", login(attribute(kind, bytes(size))))
    yield Odd("Framed-IPv6-Prefix of 255 bits", "CVE-2017-10988", "auth", login(attribute(97, b"\0\xff" + bytes(16))))
    yield Odd("Chargeable-User-Identity of no octet", "RFC 4372", "auth", login(attribute(89, b"")))
    yield Odd("Class of no octet", "FR-GV-207", "auth", login(attribute(25, b"")))


def _reports() -> Iterator[Odd]:
    rfc = "RFC 2866"
    yield Odd("nothing is wrong", rfc, "acct", report())
    yield Odd("Request Authenticator of zeros", "RFC 5080", "acct",
              lambda known: (true := report()(known))[:4] + bytes(16) + true[20:])  # fmt: skip
    yield Odd("another secret", "RFC 5080", "acct", lambda _: report()(Known(b"other", "", "")))
    yield Odd("sealed", "RFC 5080", "acct", report(seal=0))
    yield Odd("sealed, not true", "RFC 5080", "acct", report(attribute(80, bytes(16))))
    yield Odd("Acct-Status-Type 99", rfc, "acct", report(status=b"\0\0\0\x63"))
    yield Odd("Acct-Status-Type of three octets", "CVE-2017-10988", "acct", report(status=b"\0\0\1"))
    yield Odd("no Acct-Status-Type", rfc, "acct", bare(attribute(44, b"x"), REPORT, None))
    yield Odd("no Acct-Session-Id", rfc, "acct", bare(attribute(40, b"\0\0\0\1"), REPORT, None))
    yield Odd("octets of three octets", "CVE-2017-10988", "acct", report(attribute(42, bytes(3))))
    yield Odd("a password in a report", "RFC 2866 section 4.1", "acct", report(attribute(2, bytes(16))))
    yield Odd("Proxy-State", rfc, "acct", report(attribute(33, b"x")))
    yield Odd("EAP in a report, not sealed", "rad_packet_ok", "acct", report(attribute(79, b"\2\0\0\4")))
    yield Odd("201 attributes in a report", "max_attributes", "acct", report(attribute(222, b"") * 199))
