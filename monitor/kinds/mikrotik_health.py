"""The health of a MikroTik, as a part of its kind: ROS 7's table of gauges, or the older objects one by one."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.units import given, measured, number
from monitor.mib import table

_MIKROTIK = "1.3.6.1.4.1.14988.1.1"
SCALARS = {
    "mtxrHlVoltage": f"{_MIKROTIK}.3.8.0",  # tenths of a volt
    "mtxrHlTemperature": f"{_MIKROTIK}.3.10.0",  # tenths of a degree
    "mtxrHlProcessorTemperature": f"{_MIKROTIK}.3.11.0",
}
GAUGE = table("mtxrGaugeTable", f"{_MIKROTIK}.3.100.1", {"mtxrGaugeName": 2, "mtxrGaugeValue": 3, "mtxrGaugeUnit": 4})
# mtxrGaugeUnit: what it measures and how many make one unit; celsius are whole degrees, unlike mtxrHlTemperature
_UNITS = {1: ("temperature", 1), 2: ("fan", 1), 3: ("voltage", 10), 4: ("current", 10), 5: ("power", 10)}


def figures(found: Found) -> Iterator[Figure]:
    yield from _gauges(found) if found.tables.get("mtxrGaugeTable") else _single(found)


def _gauges(found: Found) -> Iterator[Figure]:
    for _, row in found.rows("mtxrGaugeTable"):
        name, unit = str(row.get("mtxrGaugeName", "")), row.get("mtxrGaugeUnit")
        what, per = _UNITS.get(unit if isinstance(unit, int) else 0, ("", 1))
        value = measured(row.get("mtxrGaugeValue"), per)
        if what and (value or what != "voltage"):  # 0 volts stand on an input that nothing is plugged into
            yield from given(what, name, value)


def _single(found: Found) -> Iterator[Figure]:
    for name, what, place in (
        ("mtxrHlVoltage", "voltage", ""),
        ("mtxrHlTemperature", "temperature", "board"),
        ("mtxrHlProcessorTemperature", "temperature", "cpu"),
    ):
        if name in found.scalars:
            yield Figure(what, place, number(found.scalars[name]) / 10)


HEALTH = Kind(
    "mikrotik-health",
    SCALARS,
    (GAUGE,),
    figures,
    (
        Tell("temperature", "MIKROTIK-MIB mtxrGaugeValue, mtxrHlTemperature", "routeros_crs317"),
        Tell("voltage", "MIKROTIK-MIB mtxrGaugeValue, mtxrHlVoltage", "routeros"),
        Tell("fan", "MIKROTIK-MIB mtxrGaugeValue", "routeros_crs317"),
    ),
)
