"""Cambium ePMP links (CAMBIUM-PMP80211-MIB) and cnPilot access points (CAMBIUM-MIB); the latter are unverified.

The subscribers' MACs and addresses are not asked for; a subscriber is a radio on a roof, named by its number.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.units import given, measured, percent
from monitor.mib import table

_EPMP = "1.3.6.1.4.1.17713.21"
_EPMP_SCALARS = {
    "cambiumSTAConnectedRFFrequency": f"{_EPMP}.1.2.1.0",  # megahertz
    "wirelessInterfaceSSID": f"{_EPMP}.1.1.11.0",
    "cambiumAPNumberOfConnectedSTA": f"{_EPMP}.1.2.10.0",
    "cambiumSysCPUUsage": f"{_EPMP}.2.1.64.0",  # tenths of a percent
    "wirelessInterfaceTXPower": f"{_EPMP}.3.8.2.6.0",
}
_STATIONS = table(
    "cambiumAPConnectedSTATable",
    f"{_EPMP}.1.2.30.1",
    {"connectedSTAULRSSI": 4, "connectedSTADistance": 29},
)
_PILOT = "1.3.6.1.4.1.17713.22.1"
_PILOT_AP = table("cambiumAccessPointTable", f"{_PILOT}.1", {"cambiumAPName": 2, "cambiumAPCPUUtilization": 6})
_PILOT_RADIO = table(
    "cambiumRadioTable", f"{_PILOT}.2.1", {"cambiumRadioNumClients": 5, "cambiumRadioTransmitPower": 8}
)
_PILOT_WLAN = table("cambiumWlanTable", f"{_PILOT}.4.1", {"cambiumWlanNumClients": 7})


def _epmp(found: Found) -> Iterator[Figure]:
    one = found.scalars
    megahertz = measured(one.get("cambiumSTAConnectedRFFrequency"))
    yield from given("radio-frequency", "", megahertz * 1e6 if megahertz else None)
    yield from given(
        "clients", str(one.get("wirelessInterfaceSSID") or ""), measured(one.get("cambiumAPNumberOfConnectedSTA"))
    )
    yield from given("radio-power", "", measured(one.get("wirelessInterfaceTXPower")))
    yield from percent("cpu", "", measured(one.get("cambiumSysCPUUsage"), 10))
    for index, row in found.rows(_STATIONS.name):
        yield from given("signal", f"subscriber {index}", measured(row.get("connectedSTAULRSSI")))
        yield from given("distance", f"subscriber {index}", measured(row.get("connectedSTADistance")))


def _pilot(found: Found) -> Iterator[Figure]:
    for index, row in found.rows(_PILOT_AP.name):
        yield from percent("cpu", str(row.get("cambiumAPName") or index), measured(row.get("cambiumAPCPUUtilization")))
    for index, row in found.rows(_PILOT_RADIO.name):
        yield from given("radio-clients", f"radio {index}", measured(row.get("cambiumRadioNumClients")))
        yield from given("radio-power", f"radio {index}", measured(row.get("cambiumRadioTransmitPower")))
    for index, row in found.rows(_PILOT_WLAN.name):
        yield from given("clients", f"wlan {index}", measured(row.get("cambiumWlanNumClients")))


_RECORDING = "epmp_epmp-ap-connected-sta"
_EPMP_SOURCES = {
    "clients": "cambiumAPNumberOfConnectedSTA",
    "radio-frequency": "cambiumSTAConnectedRFFrequency",
    "radio-power": "wirelessInterfaceTXPower",
    "signal": "connectedSTAULRSSI",
    "distance": "connectedSTADistance",
    "cpu": "cambiumSysCPUUsage",
}
EPMP = Kind(
    "epmp",
    _EPMP_SCALARS,
    (_STATIONS,),
    _epmp,
    tuple(Tell(what, f"CAMBIUM-PMP80211-MIB {source}", _RECORDING) for what, source in _EPMP_SOURCES.items()),
)
CNPILOT = Kind(
    "cnpilot",
    {},
    (_PILOT_AP, _PILOT_RADIO, _PILOT_WLAN),
    _pilot,
    (
        Tell("clients", "CAMBIUM-MIB cambiumWlanNumClients"),
        Tell("radio-clients", "CAMBIUM-MIB cambiumRadioNumClients"),
        Tell("radio-power", "CAMBIUM-MIB cambiumRadioTransmitPower"),
        Tell("cpu", "CAMBIUM-MIB cambiumAPCPUUtilization"),
    ),
)
