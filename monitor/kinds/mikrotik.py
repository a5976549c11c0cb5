"""MikroTik RouterOS (MIKROTIK-MIB): wireless of three drivers, optics, PoE, health; the wifi of ROS 7 is unverified.

The registration tables' index is a client's MAC: of them only the SSID is read, and rows are numbered anew at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from monitor.kinds.host import HOST
from monitor.kinds.kind import Figure, Found, Kind, Tell, clients_by_ssid, compose
from monitor.kinds.mikrotik_health import HEALTH
from monitor.kinds.neighbour import MNDP
from monitor.kinds.units import given, light, measured, number
from monitor.mib import table
from monitor.snapshot import Value

_MIKROTIK = "1.3.6.1.4.1.14988.1.1"
WL_AP = table(
    "mtxrWlApTable",
    f"{_MIKROTIK}.1.3.1",
    {
        "mtxrWlApSsid": 4,
        "mtxrWlApClientCount": 6,  # typed Counter32, and a gauge all the same
        "mtxrWlApFreq": 7,
        "mtxrWlApNoiseFloor": 9,
    },
)
CAPSMAN = table("mtxrWlCMRtabTable", f"{_MIKROTIK}.1.5.1", {"mtxrWlCMRtabSsid": 12}, personal=True)
CAPS = {"mtxrWlCMREntryCount": f"{_MIKROTIK}.1.10.0"}  # access points that CAPsMAN has
WIFI = table("mtxrWifiInterfaceTable", f"{_MIKROTIK}.21.5.1", {"mtxrWifiInterfaceSsid": 3, "mtxrWifiInterfaceFreq": 4})
WIFI_CLIENTS = table("mtxrWifiRegistrationTable", f"{_MIKROTIK}.21.4.1", {"mtxrWifiRegistrationSsid": 3}, personal=True)
OPTICAL = table(
    "mtxrOpticalTable",
    f"{_MIKROTIK}.19.1.1",
    {
        "mtxrOpticalName": 2,
        "mtxrOpticalRxLoss": 3,
        "mtxrOpticalWavelength": 5,  # hundredths of a nanometre
        "mtxrOpticalTemperature": 6,
        "mtxrOpticalSupplyVoltage": 7,  # millivolts
        "mtxrOpticalTxBiasCurrent": 8,  # milliamperes
        "mtxrOpticalTxPower": 9,  # thousandths of a dBm, as the next
        "mtxrOpticalRxPower": 10,
    },
)
POE = table(
    "mtxrPOETable",
    f"{_MIKROTIK}.15.1.1",
    {
        "mtxrPOEName": 2,
        "mtxrPOEVoltage": 4,  # tenths of a volt
        "mtxrPOECurrent": 5,  # milliamperes
        "mtxrPOEPower": 6,  # tenths of a watt
    },
)
STATS = table("mtxrInterfaceStatsTable", f"{_MIKROTIK}.14.1.1", {"mtxrInterfaceStatsLinkDowns": 90})


def figures(found: Found) -> Iterable[Figure]:
    yield from clients_by_ssid(_networks(found))
    yield from _radios(found)
    yield from given("access-points", "", measured(found.scalars.get("mtxrWlCMREntryCount")))
    for index, row in found.rows("mtxrOpticalTable"):
        yield from _optics(found.port_name(index, str(row.get("mtxrOpticalName", index))), row)
    for index, row in found.rows("mtxrPOETable"):
        yield from _poe(found.port_name(index, str(row.get("mtxrPOEName", index))), row)
    for index, row in found.rows("mtxrInterfaceStatsTable"):
        name = found.port_name(index, "")
        yield from given("link-downs", name, measured(row.get("mtxrInterfaceStatsLinkDowns")) if name else None)


def _networks(found: Found) -> Iterator[tuple[str, float]]:
    for _, row in found.rows("mtxrWlApTable"):
        yield str(row.get("mtxrWlApSsid", "")), number(row.get("mtxrWlApClientCount"))
    for _, row in found.rows("mtxrWifiInterfaceTable"):
        yield str(row.get("mtxrWifiInterfaceSsid", "")), 0  # a network without clients has no registration
    for name, column in (
        ("mtxrWlCMRtabTable", "mtxrWlCMRtabSsid"),
        ("mtxrWifiRegistrationTable", "mtxrWifiRegistrationSsid"),
    ):
        for _, row in found.rows(name):
            yield str(row.get(column, "")), 1


def _radios(found: Found) -> Iterator[Figure]:
    """A second network on a radio says 0 for its frequency and noise."""
    for index, row in found.rows("mtxrWlApTable"):
        name, megahertz = found.port_name(index, f"radio {index}"), measured(row.get("mtxrWlApFreq"))
        yield from given("radio-frequency", name, megahertz * 1e6 if megahertz else None)
        yield from given("noise", name, measured(row.get("mtxrWlApNoiseFloor")) or None)


def _optics(port: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    """An empty cage answers 0 for everything, and 0 dBm would look perfect."""
    if not row.get("mtxrOpticalSupplyVoltage") and not row.get("mtxrOpticalWavelength"):
        return
    yield light("tx-power", port, measured(row.get("mtxrOpticalTxPower"), 1000))
    dark = row.get("mtxrOpticalRxLoss")
    yield light("rx-power", port, None if dark else measured(row.get("mtxrOpticalRxPower"), 1000))
    yield from given("temperature", port, measured(row.get("mtxrOpticalTemperature")))
    yield from given("voltage", port, measured(row.get("mtxrOpticalSupplyVoltage"), 1000) or None)
    yield from given("current", port, measured(row.get("mtxrOpticalTxBiasCurrent"), 1000))


def _poe(port: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    """No voltage stands on a port that feeds nobody, and that is no fault."""
    yield from given("power", port, measured(row.get("mtxrPOEPower"), 10))
    if row.get("mtxrPOEVoltage"):
        yield from given("voltage", port, measured(row.get("mtxrPOEVoltage"), 10))
        yield from given("current", port, measured(row.get("mtxrPOECurrent"), 1000))


OWN = Kind(
    "mikrotik",
    CAPS,
    (WL_AP, CAPSMAN, WIFI, WIFI_CLIENTS, OPTICAL, POE, STATS),
    figures,
    (
        Tell("clients", "MIKROTIK-MIB mtxrWlApClientCount (wireless)", "routeros"),
        Tell("clients", "MIKROTIK-MIB mtxrWlCMRtabTable, counted (CAPsMAN)"),
        Tell("clients", "MIKROTIK-MIB mtxrWifiRegistrationTable, counted (wifi of ROS 7)"),
        Tell("radio-frequency", "MIKROTIK-MIB mtxrWlApFreq", "routeros"),
        Tell("noise", "MIKROTIK-MIB mtxrWlApNoiseFloor", "routeros"),
        Tell("access-points", "MIKROTIK-MIB mtxrWlCMREntryCount (CAPsMAN)"),
        Tell("rx-power", "MIKROTIK-MIB mtxrOpticalRxPower", "routeros"),
        Tell("tx-power", "MIKROTIK-MIB mtxrOpticalTxPower", "routeros"),
        Tell("current", "MIKROTIK-MIB mtxrOpticalTxBiasCurrent, mtxrPOECurrent", "routeros"),
        Tell("power", "MIKROTIK-MIB mtxrPOEPower", "routeros_rb5009upr+s+"),
        Tell("link-downs", "MIKROTIK-MIB mtxrInterfaceStatsLinkDowns"),
    ),
)
KIND = compose("mikrotik", OWN, HEALTH, HOST, MNDP, verified={"cpu": "routeros", "memory": "routeros"})
