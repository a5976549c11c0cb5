"""Cisco IOS and IOS-XE: sensors with optics (CISCO-ENTITY-SENSOR-MIB), processor, memory pools, PoE."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.entity import CISCO_SENSORS
from monitor.kinds.ethernet import ETHERNET
from monitor.kinds.kind import Figure, Found, Kind, Tell, compose
from monitor.kinds.neighbour import CDP, LLDP
from monitor.kinds.units import given, measured, number, percent
from monitor.mib import table

CPU = table("cpmCPUTotalTable", "1.3.6.1.4.1.9.9.109.1.1.1.1", {"cpmCPUTotal5minRev": 8})
MEMORY = table(
    "ciscoMemoryPoolTable",
    "1.3.6.1.4.1.9.9.48.1.1.1",
    {"ciscoMemoryPoolName": 2, "ciscoMemoryPoolUsed": 5, "ciscoMemoryPoolFree": 6},
)
TEMPERATURE = table(  # CISCO-ENVMON-MIB
    "ciscoEnvMonTemperatureStatusTable",
    "1.3.6.1.4.1.9.9.13.1.3.1",
    {"ciscoEnvMonTemperatureStatusValue": 3, "ciscoEnvMonTemperatureStatusDescr": 2},
)
POE = table("pethMainPseTable", "1.3.6.1.2.1.105.1.3.1.1", {"pethMainPseConsumptionPower": 4})  # watts; RFC 3621


def figures(found: Found) -> Iterator[Figure]:
    for index, row in found.rows("cpmCPUTotalTable"):
        yield from percent("cpu", f"cpu {index}", measured(row.get("cpmCPUTotal5minRev")))
    for index, row in found.rows("ciscoMemoryPoolTable"):
        used, free = number(row.get("ciscoMemoryPoolUsed")), number(row.get("ciscoMemoryPoolFree"))
        if used + free:
            yield Figure("memory", str(row.get("ciscoMemoryPoolName") or index), used / (used + free))
    for index, row in found.rows("ciscoEnvMonTemperatureStatusTable"):
        name = str(row.get("ciscoEnvMonTemperatureStatusDescr") or index)
        yield from given("temperature", name, measured(row.get("ciscoEnvMonTemperatureStatusValue")))
    for index, row in found.rows("pethMainPseTable"):
        yield from given("power", f"poe {index}", measured(row.get("pethMainPseConsumptionPower")))


_SWITCH = "ios_2960x"
OWN = Kind(
    "cisco",
    {},
    (CPU, MEMORY, TEMPERATURE, POE),
    figures,
    (
        Tell("cpu", "CISCO-PROCESS-MIB cpmCPUTotal5minRev", _SWITCH),
        Tell("memory", "CISCO-MEMORY-POOL-MIB ciscoMemoryPoolUsed", _SWITCH),
        Tell("power", "POWER-ETHERNET-MIB pethMainPseConsumptionPower", _SWITCH),
    ),
)
_SENSED = ("rx-power", "tx-power", "temperature", "voltage", "current")
KIND = compose("cisco", OWN, CISCO_SENSORS, ETHERNET, LLDP, CDP, verified=dict.fromkeys(_SENSED, _SWITCH))
