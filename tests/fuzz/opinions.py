"""What our own code and what pyrad say of one datagram, and which differences between the two are meant."""

from __future__ import annotations

import time
from dataclasses import dataclass

from pyrad.packet import Packet, PacketError  # type: ignore[import-untyped]

from hotspot.secret import Secret
from hotspot.wire import Code, Malformed, Request, parse
from radius.event import read_event
from radius.login import Refused, read_login, reply_to_login
from radius.receive import Believed, Door, Peer, receive
from radius.record import record_of, work_of
from tests.fuzz.mutants import SECRET

PEER = Peer("gw-a", "alun-alun", "mikrotik", (SECRET,), SECRET, must_seal=False, may_learn=True)
KEY = Secret("grant key")

# Beginnings of our reasons, and why we are stricter than pyrad 2.6.
STRICTER = {
    "attribute 0": "FreeRADIUS drops it (rad_packet_ok); pyrad reads it as an attribute",
    "attribute": "pyrad cuts an attribute that runs over the end short, and takes what is left as its value",
    "more than 200 attributes": "2,000 empty ones cost pyrad 3 ms; FreeRADIUS takes 200 (max_attributes)",
    "more than one Message-Authenticator": "pyrad proves the first and lets the others be anything",
    "Message-Authenticator is not 16": "pyrad finds that out when it is asked to prove it",
    "Length is not between 20 and 4096": "RFC 2865 section 3; pyrad reads up to 8192",
    "shorter than its Length": "RFC 2865 section 3: silently discarded",
    "one octet is left over": "an attribute's header has two",
}

# Beginnings of our reasons again, and why we are silent where FreeRADIUS 3.2.1 answers; docs/packets.md shows them.
STRICTER_THAN_FREERADIUS = {
    "Proxy-State without Message-Authenticator": "CVE-2024-3596: it is the attacker's room; FreeRADIUS since 3.2.5",
    "Proxy-State is too long": "more than 2,048 octets of it would leave no room for a reply; no proxy sends so much",
    "no Message-Authenticator, and one is required": "a NAS that has sealed once has to go on (`auto`)",
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """``ours`` and ``pyrads`` are None where the datagram is a packet, else why it is none."""

    ours: str | None
    pyrads: str | None
    seconds: float

    @property
    def is_agreed(self) -> bool:
        return (self.ours is None) == (self.pyrads is None)

    @property
    def is_meant(self) -> bool:
        """We may be stricter for a reason that stands above; never laxer."""
        return self.is_agreed or (self.ours is not None and any(map(self.ours.startswith, STRICTER)))


def opinion(octets: bytes) -> Opinion:
    began = time.perf_counter()
    request = parse(octets)
    for door in Door:
        _go_on(octets, door)
    seconds = time.perf_counter() - began
    ours = request.reason if isinstance(request, Malformed) else None
    return Opinion(ours, _pyrads(octets), seconds)


def refusal(octets: bytes, port: str, secret: bytes, *, must_seal: bool = False) -> str | None:
    """Why our own code drops it, or None."""
    peer = Peer("gw-a", "alun-alun", "mikrotik", (secret,), secret, must_seal=must_seal)
    found = receive(octets, peer, Door.AUTH if port == "auth" else Door.ACCT)
    return None if isinstance(found, Believed) else found.reason


def _go_on(octets: bytes, door: Door) -> None:
    """As deep into RADIUS as goes without a database; what it does with the packet is not judged, only that it can.

    An unproved packet is taken for proved, so that mutants get beyond the seals.
    """
    believed = receive(octets, PEER, door)
    request = believed.request if isinstance(believed, Believed) else parse(octets)
    if not isinstance(request, Request):
        return
    if request.code == Code.ACCOUNTING_REQUEST:
        step = read_event(request, PEER.nas, PEER.site, 1_780_000_000)
        assert work_of(record_of(request.octets, PEER.nas, PEER.site, 1_780_000_000)) == step
    elif request.code == Code.ACCESS_REQUEST:
        login = read_login(request, PEER.nas, PEER.site, SECRET, KEY)
        if isinstance(login, Refused):
            reply_to_login(login, PEER.kind, request.first(79))


def _pyrads(octets: bytes) -> str | None:
    try:
        Packet(packet=octets)
    except PacketError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - what it raises besides is its refusal too
        return f"{type(error).__name__}: {error}"
    return None
