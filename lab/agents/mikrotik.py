"""MIKROTIK-MIB as RouterOS answers it: radios with their clients, optics, how often a port went down."""

from __future__ import annotations

from collections.abc import Iterator

from lab.agents.rows import Row, columns, counter32, gauge, integer, octets, oid
from lab.device import DeviceState, PortState
from lab.optics import Reading
from lab.seed import share

OBJECT_ID = oid("1.3.6.1.4.1.14988.1")
RADIO_ENTRY = oid("1.3.6.1.4.1.14988.1.1.1.3.1")  # mtxrWlApEntry
STATS_ENTRY = oid("1.3.6.1.4.1.14988.1.1.14.1.1")  # mtxrInterfaceStatsEntry
OPTICAL_ENTRY = oid("1.3.6.1.4.1.14988.1.1.19.1.1")  # mtxrOpticalEntry

_EMPTY = Reading(sent=0.0, received=0.0, celsius=0, bias_ma=0, supply_mv=0)


def rows(state: DeviceState) -> Iterator[Row]:
    for port in state.ports:
        yield from columns(STATS_ENTRY, port.index, {2: octets(port.port.name), 90: counter32(port.came_down)})
        if port.port.ssid is not None:
            yield from _radio(port)
        if port.cage:
            yield from _optics(port, port.optics)


def _radio(port: PortState) -> Iterator[Row]:
    """The column clientCount is typed Counter32 in the MIB, and is a gauge all the same."""
    cells = {
        2: gauge(144_000_000),
        3: gauge(130_000_000),
        4: octets(port.port.ssid or ""),
        5: octets(_bssid(port)),
        6: counter32(port.clients),
        7: integer(port.port.band),
        8: octets(f"{port.port.band}/20/{'gn' if port.port.band < 5000 else 'ac'}"),
        9: integer(-108),
        10: counter32(75),
        11: counter32(port.clients),
    }
    yield from columns(RADIO_ENTRY, port.index, cells)


def _optics(port: PortState, reading: Reading | None) -> Iterator[Row]:
    """An empty cage answers zero everywhere, as a real CRS317 does; without light there is no rxPower at all."""
    module = reading or _EMPTY
    cells = {
        2: octets(port.port.name),
        3: integer(module.received is None),
        4: integer(0),
        5: gauge(131_000 if reading else 0),
        6: gauge(module.celsius),
        7: gauge(module.supply_mv),
        8: gauge(module.bias_ma),
        9: integer(module.sent * 1000),
        11: octets("rehearsal" if reading else ""),
        12: octets(f"{port.port.node}-{port.port.name}"[:16] if reading else ""),
    }
    if module.received is not None:
        cells[10] = integer(module.received * 1000)
    yield from columns(OPTICAL_ENTRY, port.index, cells)


def _bssid(port: PortState) -> bytes:
    return b"\x06" + int(share("radio address", port.port.node, port.port.name) * 2**40).to_bytes(5)
