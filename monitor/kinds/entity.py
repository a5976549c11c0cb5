"""ENTITY-SENSOR-MIB (RFC 3433) and Cisco's older twin of it, as parts of other kinds: every sensor with its unit.

Neither has a type for dBm: Arista says milliwatts, IOS-XE "other" with the unit in the name, Cisco's own MIB type 14.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.units import dbm, light, measured
from monitor.mib import MibTable
from monitor.snapshot import Value

_NAMES = {"entPhysicalDescr": "1.3.6.1.2.1.47.1.1.1.1.2", "entPhysicalName": "1.3.6.1.2.1.47.1.1.1.1.7"}
_OTHER, _WATTS, _PERCENT, _DBM = 1, 6, 9, 14
_WHAT = {3: "voltage", 4: "voltage", 5: "current", 6: "power", 7: "frequency", 8: "temperature", 10: "fan"}
_OK = 1  # EntitySensorStatus
_UNITS = 9  # EntitySensorDataScale: 10^0; each step is a thousandfold
_MILLI = re.compile(
    r"[VI](in|out)\s+P\d+/\d+"
)  # IOS-XE's power supplies say 5142 V, scale "units", and mean millivolts
_LIGHT = re.compile(r"\b(rx|receive|tx|transmit)\b.*\bpower\b", re.IGNORECASE)
_SLOT = re.compile(r"subslot (\d+/\d+) transceiver (\d+)", re.IGNORECASE)


def sensors(table: str, prefix: str) -> Callable[[Found], Iterator[Figure]]:
    def figures(found: Found) -> Iterator[Figure]:
        ports = {name: port.name for port in found.ports for name in (port.descr, port.name) if name}
        for _, row in found.rows(table):
            if f"{prefix}Type" in row and row.get(f"{prefix}Status", _OK) == _OK:
                plain = {key.removeprefix(prefix): value for key, value in row.items()}
                yield from _figure(plain, ports)

    return figures


def _figure(row: Mapping[str, Value], ports: Mapping[str, str]) -> Iterator[Figure]:
    name = str(row.get("entPhysicalName") or row.get("entPhysicalDescr") or "")
    place, kind, value = _place(name, ports), row.get("Type"), _value(row, per=1000 if _MILLI.fullmatch(name) else 1)
    way = _LIGHT.search(name)
    if way and kind in (_OTHER, _WATTS, _DBM):
        level = value if kind != _WATTS or value is None else dbm(value * 1000)
        yield light("rx-power" if way.group(1).lower().startswith("r") else "tx-power", place, level)
    elif value is not None and kind == _PERCENT:
        yield Figure("humidity", place, value / 100)
    elif value is not None and isinstance(kind, int) and kind in _WHAT:
        yield Figure(_WHAT[kind], place, value)


def _value(row: Mapping[str, Value], per: int) -> float | None:
    scale, precision = measured(row.get("Scale")) or _UNITS, measured(row.get("Precision")) or 0
    value = measured(row.get("Value"))
    return None if value is None else value * 10 ** (3 * (scale - _UNITS)) / 10**precision / per


def _place(name: str, ports: Mapping[str, str]) -> str:
    """The port that the sensor's name speaks of, or that name."""
    for word in name.split():
        if word in ports:
            return ports[word]
    slot = _SLOT.search(name)  # IOS-XE: "subslot 0/0 transceiver 10 Rx Power Sensor" is of Te0/0/10
    if slot:
        end = re.compile(rf"[A-Za-z]+{slot.group(1)}/{slot.group(2)}")
        return next((port for port in ports.values() if end.fullmatch(port)), name.removesuffix(" Sensor"))
    return name.removesuffix(" Sensor")


def _part(name: str, entry: str, table: str, prefix: str, mib: str) -> Kind:
    numbers = {"Type": 1, "Scale": 2, "Precision": 3, "Value": 4, "Status": 5}
    columns = {f"{prefix}{column}": f"{entry}.{number}" for column, number in numbers.items()}
    whats = ("rx-power", "tx-power", "temperature", "voltage", "current", "power", "frequency", "fan", "humidity")
    tells = tuple(Tell(what, f"{mib} {prefix}Value") for what in whats)
    return Kind(name, {}, (MibTable(table, {**columns, **_NAMES}),), sensors(table, prefix), tells)


SENSORS = _part("sensors", "1.3.6.1.2.1.99.1.1.1", "entPhySensorTable", "entPhySensor", "ENTITY-SENSOR-MIB")
CISCO_SENSORS = _part(
    "cisco-sensors", "1.3.6.1.4.1.9.9.91.1.1.1.1", "entSensorValueTable", "entSensor", "CISCO-ENTITY-SENSOR-MIB"
)
