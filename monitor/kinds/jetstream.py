"""TP-Link JetStream and Omada switches (TPLINK-DDMSTATUS-, -POWER-OVER-ETHERNET-, -SYSMONITOR-MIB)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.neighbour import LLDP
from monitor.kinds.units import dbm, given, light, measured, percent, spoken
from monitor.mib import table
from monitor.snapshot import Value

_TPLINK = "1.3.6.1.4.1.11863.6"
DDM = table(
    "ddmStatusTable",
    f"{_TPLINK}.96.1.7.1.1",
    {
        "ddmStatusPort": 1,
        "ddmStatusTemperature": 2,  # every column is text: degrees, volts, milliamperes, milliwatts
        "ddmStatusVoltage": 3,
        "ddmStatusBiasCurrent": 4,
        "ddmStatusTxPow": 5,
        "ddmStatusRxPow": 6,
    },
)
POE = table("tpPoePortConfigTable", f"{_TPLINK}.56.1.1.2.1.1", {"tpPoePower": 7})  # tenths of a watt
CPU = table("tpSysMonitorCpuTable", f"{_TPLINK}.4.1.1.1.1", {"tpSysMonitorCpu1Minute": 2})
MEMORY = table("tpSysMonitorMemoryTable", f"{_TPLINK}.4.1.2.1.1", {"tpSysMonitorMemoryUtilization": 2})
_EMPTY = "N/A"  # what a cage without a module says in every column


def figures(found: Found) -> Iterable[Figure]:
    for index, row in found.rows("ddmStatusTable"):
        yield from _optics(found.port_name(index, str(row.get("ddmStatusPort", index))), row)
    for index, row in found.rows("tpPoePortConfigTable"):
        yield from given("power", _poe_port(found, index), measured(row.get("tpPoePower"), 10))
    for index, row in found.rows("tpSysMonitorCpuTable"):
        yield from percent("cpu", f"unit {index}", measured(row.get("tpSysMonitorCpu1Minute")))
    for index, row in found.rows("tpSysMonitorMemoryTable"):
        yield from percent("memory", f"unit {index}", measured(row.get("tpSysMonitorMemoryUtilization")))


def _optics(port: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    if str(row.get("ddmStatusTemperature", _EMPTY)) == _EMPTY:
        return
    yield light("tx-power", port, dbm(spoken(row.get("ddmStatusTxPow"))))
    yield light("rx-power", port, dbm(spoken(row.get("ddmStatusRxPow"))))
    yield from given("temperature", port, spoken(row.get("ddmStatusTemperature")))
    yield from given("voltage", port, spoken(row.get("ddmStatusVoltage")))
    yield from given("current", port, spoken(row.get("ddmStatusBiasCurrent"), 1000))


def _poe_port(found: Found, number: str) -> str:
    """PoE counts the ports of its unit from 1, IF-MIB calls the same ones gigabitEthernet 1/0/1 ..."""
    return next((port.name for port in found.ports if port.name.endswith(f"/0/{number}")), f"poe {number}")


_FIBRE, _COPPER = "jetstream_t2600g-28ts", "jetstream_sg2218p"
KIND = Kind(
    "jetstream",
    {},
    (DDM, POE, CPU, MEMORY),
    figures,
    (
        Tell("rx-power", "TPLINK-DDMSTATUS-MIB ddmStatusRxPow", _FIBRE),
        Tell("tx-power", "TPLINK-DDMSTATUS-MIB ddmStatusTxPow", _FIBRE),
        Tell("temperature", "TPLINK-DDMSTATUS-MIB ddmStatusTemperature", _FIBRE),
        Tell("voltage", "TPLINK-DDMSTATUS-MIB ddmStatusVoltage", _FIBRE),
        Tell("current", "TPLINK-DDMSTATUS-MIB ddmStatusBiasCurrent", _FIBRE),
        Tell("power", "TPLINK-POWER-OVER-ETHERNET-MIB tpPoePower", _COPPER),
        Tell("cpu", "TPLINK-SYSMONITOR-MIB tpSysMonitorCpu1Minute", _COPPER),
        Tell("memory", "TPLINK-SYSMONITOR-MIB tpSysMonitorMemoryUtilization", _COPPER),
    ),
    LLDP.seldom,
)
