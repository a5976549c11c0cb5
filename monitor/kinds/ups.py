"""UPS-MIB (RFC 1628), as a part of other kinds: whether the mains are there and how long the battery lasts.

The NetMan recording says current -1 where it has none, and 0 volts for the phases that a one-phase UPS lacks.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.units import given, measured, percent
from monitor.mib import table

_UPS = "1.3.6.1.2.1.33.1"
SCALARS = {
    "upsSecondsOnBattery": f"{_UPS}.2.2.0",
    "upsEstimatedMinutesRemaining": f"{_UPS}.2.3.0",
    "upsEstimatedChargeRemaining": f"{_UPS}.2.4.0",  # percent
    "upsBatteryVoltage": f"{_UPS}.2.5.0",  # tenths of a volt
    "upsBatteryTemperature": f"{_UPS}.2.7.0",
    "upsOutputSource": f"{_UPS}.4.1.0",
    "upsOutputFrequency": f"{_UPS}.4.2.0",  # tenths of a hertz
}
INPUT = table("upsInputTable", f"{_UPS}.3.3.1", {"upsInputVoltage": 3, "upsInputFrequency": 2})
OUTPUT = table(
    "upsOutputTable",
    f"{_UPS}.4.4.1",
    {"upsOutputVoltage": 2, "upsOutputCurrent": 3, "upsOutputPower": 4, "upsOutputPercentLoad": 5},
)
_BATTERY = 5  # upsOutputSource


def figures(found: Found) -> Iterator[Figure]:
    one = found.scalars
    yield from percent("battery", "", measured(one.get("upsEstimatedChargeRemaining")))
    left = measured(one.get("upsEstimatedMinutesRemaining"))
    yield from given("battery-left", "", left * 60 if left is not None else None)
    yield from _on_battery(found)
    yield from given("voltage", "battery", measured(one.get("upsBatteryVoltage"), 10))
    yield from given("temperature", "battery", measured(one.get("upsBatteryTemperature")))
    yield from given("frequency", "output", measured(one.get("upsOutputFrequency"), 10))
    yield from _phases(found)


def _on_battery(found: Found) -> Iterator[Figure]:
    """upsSecondsOnBattery, which some agents leave at 0: then the source says at least that it is so."""
    seconds, source = measured(found.scalars.get("upsSecondsOnBattery")), found.scalars.get("upsOutputSource")
    if source == _BATTERY:
        yield Figure("on-battery", "", max(1.0, seconds or 0.0))
    elif seconds is not None:
        yield Figure("on-battery", "", seconds)


def _phases(found: Found) -> Iterator[Figure]:
    for index, row in found.rows("upsInputTable"):
        if (
            row.get("upsInputVoltage") or index == "1"
        ):  # a failed phase of several still has its frequency or is the first
            yield from given("voltage", f"input {index}", measured(row.get("upsInputVoltage")))
            yield from given("frequency", f"input {index}", measured(row.get("upsInputFrequency"), 10))
    for index, row in found.rows("upsOutputTable"):
        if row.get("upsOutputVoltage"):
            yield from given("voltage", f"output {index}", measured(row.get("upsOutputVoltage")))
            yield from given("power", f"output {index}", measured(row.get("upsOutputPower")))
            yield from given("current", f"output {index}", _positive(measured(row.get("upsOutputCurrent"), 10)))
            yield from percent("load", f"output {index}", measured(row.get("upsOutputPercentLoad")))


def _positive(value: float | None) -> float | None:
    return value if value is not None and value >= 0 else None


_SOURCES = {
    "battery": "upsEstimatedChargeRemaining",
    "battery-left": "upsEstimatedMinutesRemaining",
    "on-battery": "upsSecondsOnBattery",
    "voltage": "upsBatteryVoltage",
    "temperature": "upsBatteryTemperature",
    "frequency": "upsOutputFrequency",
    "power": "upsOutputPower",
    "current": "upsOutputCurrent",
    "load": "upsOutputPercentLoad",
}
UPS = Kind(
    "ups",
    SCALARS,
    (INPUT, OUTPUT),
    figures,
    tuple(Tell(what, f"UPS-MIB {source}", "netmanplus_204") for what, source in _SOURCES.items()),
)
