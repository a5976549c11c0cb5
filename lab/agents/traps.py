"""What a device shouts by itself: linkDown, linkUp and coldStart, as SNMPv2c traps from its own address."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass

from pyasn1.codec.ber import encoder
from pysnmp.proto.api import v2c

from hotspot.secret import Secret
from lab.agents.rows import Row, integer, name, oid, ticks
from lab.device import DeviceState, PortState

_SYS_UP_TIME = oid("1.3.6.1.2.1.1.3.0")
_TRAP_OID = oid("1.3.6.1.6.3.1.1.4.1.0")
COLD_START = oid("1.3.6.1.6.3.1.1.5.1")
LINK_DOWN = oid("1.3.6.1.6.3.1.1.5.3")
LINK_UP = oid("1.3.6.1.6.3.1.1.5.4")
_IF_ENTRY = oid("1.3.6.1.2.1.2.2.1")


@dataclass(frozen=True)
class Trap:
    """``subject`` is the port's name, or empty."""

    node: str
    word: str
    subject: str
    rows: tuple[Row, ...]


def traps_between(before: DeviceState, after: DeviceState) -> Iterator[Trap]:
    """What a device sends when it finds its new state (RFC 3418 section 2, RFC 2863 section 6)."""
    if after.boot > before.boot:
        yield Trap(after.name, "coldStart", "", tuple(_head(after, COLD_START)))
        return
    was_up = {state.port.name: state.up for state in before.ports}
    for state in after.ports:
        if was_up.get(state.port.name, state.up) != state.up:
            kind = LINK_UP if state.up else LINK_DOWN
            word = "linkUp" if state.up else "linkDown"
            yield Trap(after.name, word, state.port.name, (*_head(after, kind), *_port(state)))


def _head(state: DeviceState, kind: tuple[int, ...]) -> Iterator[Row]:
    yield _SYS_UP_TIME, ticks(state.uptime)
    yield _TRAP_OID, name(kind)


def _port(state: PortState) -> Iterator[Row]:
    """IfIndex, ifAdminStatus and ifOperStatus of the port."""
    yield (*_IF_ENTRY, 1, state.index), integer(state.index)
    yield (*_IF_ENTRY, 7, state.index), integer(1 if state.enabled else 2)
    yield (*_IF_ENTRY, 8, state.index), integer(1 if state.up else 2)


def encoded(trap: Trap, community: Secret, request: int) -> bytes:
    pdu = v2c.TrapPDU()
    v2c.apiTrapPDU.set_defaults(pdu)
    v2c.apiPDU.set_request_id(pdu, request)
    v2c.apiPDU.set_varbinds(pdu, [(v2c.ObjectIdentifier(row[0]), row[1][0](row[1][1])) for row in trap.rows])
    message = v2c.Message()
    v2c.apiMessage.set_defaults(message)
    v2c.apiMessage.set_community(message, community.reveal())
    v2c.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


def send(datagram: bytes, source: str, target: tuple[str, int]) -> None:
    """From the device's own address, by which the monitor knows it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((source, 0))
        sender.sendto(datagram, target)
