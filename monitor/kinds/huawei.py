"""Huawei VRP switches and routers (HUAWEI-ENTITY-EXTENT-MIB): optics, boards' processors, memory, temperatures.

The MIB says hundredths of a dBm for the light; an S5720 answers positive microwatts while its thresholds are as the
MIB says. Both are understood: what is negative and not -1 (nothing) is a level.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.kinds.ethernet import ETHERNET
from monitor.kinds.kind import Figure, Found, Kind, Tell, compose
from monitor.kinds.neighbour import LLDP
from monitor.kinds.units import dbm, given, light, measured, percent
from monitor.mib import MibTable
from monitor.snapshot import Value

_ENTITY = "1.3.6.1.4.1.2011.5.25.31.1.1"
_NAME = {"entPhysicalName": "1.3.6.1.2.1.47.1.1.1.1.7"}
OPTICAL = MibTable(
    "hwOpticalModuleInfoTable",
    {
        "hwEntityOpticalRxPower": f"{_ENTITY}.3.1.8",
        "hwEntityOpticalTxPower": f"{_ENTITY}.3.1.9",
        "hwEntityOpticalTemperature": f"{_ENTITY}.3.1.5",
        "hwEntityOpticalVoltage": f"{_ENTITY}.3.1.6",  # millivolts
        "hwEntityOpticalBiasCurrent": f"{_ENTITY}.3.1.7",  # microamperes
        **_NAME,
    },
)
BOARDS = MibTable(
    "hwEntityStateTable",
    {
        "hwEntityCpuUsage": f"{_ENTITY}.1.1.5",
        "hwEntityMemUsage": f"{_ENTITY}.1.1.7",
        "hwEntityTemperature": f"{_ENTITY}.1.1.11",
        **_NAME,
    },
)
_NONE = -1


def figures(found: Found) -> Iterator[Figure]:
    for index, row in found.rows("hwOpticalModuleInfoTable"):
        if row.get("hwEntityOpticalVoltage", _NONE) not in (_NONE, 0):  # a port without a module says -1 everywhere
            yield from _optics(str(row.get("entPhysicalName") or index), row)
    for index, row in found.rows("hwEntityStateTable"):
        yield from _board(str(row.get("entPhysicalName") or index), row)


def _optics(port: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    yield light("rx-power", port, _level(row.get("hwEntityOpticalRxPower")))
    yield light("tx-power", port, _level(row.get("hwEntityOpticalTxPower")))
    yield from given("temperature", port, measured(row.get("hwEntityOpticalTemperature")))
    yield from given("voltage", port, measured(row.get("hwEntityOpticalVoltage"), 1000))
    yield from given("current", port, measured(row.get("hwEntityOpticalBiasCurrent"), 1e6))


def _level(raw: Value | None) -> float | None:
    value = measured(raw)
    if value is None or value == _NONE:
        return None
    return value / 100 if value < 0 else dbm(value / 1000)


def _board(name: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    """Every port and slot has a row; only a board has a temperature that is not 0."""
    if row.get("hwEntityTemperature"):
        yield from given("temperature", name, measured(row.get("hwEntityTemperature")))
        yield from percent("cpu", name, measured(row.get("hwEntityCpuUsage")))
        yield from percent("memory", name, measured(row.get("hwEntityMemUsage")))


_SOURCES = {
    "rx-power": "hwEntityOpticalRxPower",
    "tx-power": "hwEntityOpticalTxPower",
    "temperature": "hwEntityTemperature, hwEntityOpticalTemperature",
    "voltage": "hwEntityOpticalVoltage",
    "current": "hwEntityOpticalBiasCurrent",
    "cpu": "hwEntityCpuUsage",
    "memory": "hwEntityMemUsage",
}
_TELLS = tuple(Tell(what, f"HUAWEI-ENTITY-EXTENT-MIB {source}", "vrp_5720") for what, source in _SOURCES.items())
KIND = compose("huawei", Kind("huawei", {}, (OPTICAL, BOARDS), figures, _TELLS), ETHERNET, LLDP)
