"""What every device tells: SNMPv2-MIB's system group, IF-MIB's ifTable and ifXTable."""

from __future__ import annotations

from collections.abc import Iterator

from lab.agents.rows import Oid, Row, columns, counter32, counter64, gauge, integer, name, octets, oid, ticks
from lab.device import DeviceState, PortState
from lab.seed import share
from lab.traffic import PACKET

SYSTEM = oid("1.3.6.1.2.1.1")
IF_NUMBER = oid("1.3.6.1.2.1.2.1.0")
IF_ENTRY = oid("1.3.6.1.2.1.2.2.1")
IF_X_ENTRY = oid("1.3.6.1.2.1.31.1.1.1")
IF_TABLE_LAST_CHANGE = oid("1.3.6.1.2.1.31.1.5.0")

_ETHERNET, _RADIO = 6, 71  # IANAifType: ethernetCsmacd, ieee80211
_UP, _DOWN = 1, 2


def rows(state: DeviceState, description: str, object_id: Oid) -> Iterator[Row]:
    yield (*SYSTEM, 1, 0), octets(description)
    yield (*SYSTEM, 2, 0), name(object_id)
    yield (*SYSTEM, 3, 0), ticks(state.uptime)
    yield (*SYSTEM, 4, 0), octets("rehearsal")
    yield (*SYSTEM, 5, 0), octets(state.name)
    yield (*SYSTEM, 6, 0), octets(state.place)
    yield IF_NUMBER, integer(len(state.ports))
    yield IF_TABLE_LAST_CHANGE, ticks(min(2.0, state.uptime))
    for port in state.ports:
        yield from _port(port)


def _port(state: PortState) -> Iterator[Row]:
    megabits = 300 if state.port.ssid else 1000
    yield from columns(
        IF_ENTRY,
        state.index,
        {
            2: octets(state.port.name),
            3: integer(_RADIO if state.port.ssid else _ETHERNET),
            4: integer(1500),
            5: gauge(megabits * 10**6),
            6: octets(_address(state)),
            7: integer(_UP if state.enabled else _DOWN),
            8: integer(_UP if state.up else _DOWN),
            9: ticks(state.changed),
            10: counter32(state.received),
            11: counter32(state.received // PACKET),
            13: counter32(0),
            14: counter32(state.received // (PACKET * 40_000_000)),
            16: counter32(state.sent),
            17: counter32(state.sent // PACKET),
            19: counter32(0),
            20: counter32(0),
        },
    )
    yield from columns(
        IF_X_ENTRY,
        state.index,
        {
            1: octets(state.port.name),
            6: counter64(state.received),
            7: counter64(state.received // PACKET),
            10: counter64(state.sent),
            11: counter64(state.sent // PACKET),
            15: gauge(megabits if state.up else 0),
            17: integer(1 if state.cage or not state.port.ssid else 2),
            18: octets(state.alias),
            19: ticks(0),
        },
    )


def _address(state: PortState) -> bytes:
    """A made-up, locally administered MAC of the port, always the same."""
    return b"\x02" + int(share("port address", state.port.node, state.port.name) * 2**40).to_bytes(5)
