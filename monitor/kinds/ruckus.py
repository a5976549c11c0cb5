"""Ruckus controllers (RUCKUS-SZ-, -CTRL-, -ZD-, -UNLEASHED-MIB): SmartZone is read on a recording, the others not yet.

Of HOST-RESOURCES only the processors are asked for: a SmartZone has a thousand rows in hrStorageTable.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.host import LOAD
from monitor.kinds.kind import Figure, Found, Kind, Tell, clients_by_ssid, compose
from monitor.kinds.units import given, measured, number, percent
from monitor.mib import table

_RUCKUS = "1.3.6.1.4.1.25053.1"
_SZ = {
    "ruckusSZSystemStatsNumAP": f"{_RUCKUS}.4.1.1.1.15.1.0",
    "ruckusSZSystemStatsNumSta": f"{_RUCKUS}.4.1.1.1.15.2.0",
}
_SZ_WLAN = table("ruckusSZWLANTable", f"{_RUCKUS}.4.2.1.1.1.2.1", {"ruckusSZWLANSSID": 1, "ruckusSZWLANNumSta": 12})
_SZ_AP = table(  # indexed by the access point's MAC
    "ruckusSZAPTable",
    f"{_RUCKUS}.4.2.1.1.2.2.1",
    {"ruckusSZAPName": 5, "ruckusSZAPNumSta": 15, "ruckusSZAPConnStatus": 16},
    personal=True,
)
_NODES = table(  # indexed by the controller's serial number
    "ruckusCtrlSystemNodeTable",
    f"{_RUCKUS}.8.1.1.1.1.1.1",
    {"ruckusCtrlSystemNodeNumApConnected": 19},
    personal=True,
)
_ZD = {
    "ruckusZDSystemStatsNumAP": f"{_RUCKUS}.2.1.1.1.15.1.0",
    "ruckusZDSystemStatsNumSta": f"{_RUCKUS}.2.1.1.1.15.2.0",
    "ruckusZDSystemStatsCPUUtil": f"{_RUCKUS}.2.1.1.1.15.13.0",
    "ruckusZDSystemStatsMemoryUtil": f"{_RUCKUS}.2.1.1.1.15.14.0",
}
_ZD_AP = table(
    "ruckusZDWLANAPTable",
    f"{_RUCKUS}.2.2.1.1.2.1.1",
    {"ruckusZDWLANAPDescription": 2, "ruckusZDWLANAPStatus": 3, "ruckusZDWLANAPNumSta": 15},
    personal=True,
)
_UNLEASHED = {
    "ruckusUnleashedSystemStatsNumAP": f"{_RUCKUS}.15.1.1.1.15.1.0",
    "ruckusUnleashedSystemStatsNumSta": f"{_RUCKUS}.15.1.1.1.15.2.0",
}
_CONNECTED = 1  # ruckusZDWLANAPStatus
_IS_UP = ("connect", "connected")  # ruckusSZAPConnStatus is text


def _smartzone(found: Found) -> Iterator[Figure]:
    yield from given("access-points-known", "", measured(found.scalars.get("ruckusSZSystemStatsNumAP")))
    reached = [number(row.get("ruckusCtrlSystemNodeNumApConnected")) for _, row in found.rows(_NODES.name)]
    yield from given("access-points", "", sum(reached) if reached else None)
    yield from clients_by_ssid(
        (str(row.get("ruckusSZWLANSSID", "")), number(row.get("ruckusSZWLANNumSta")))
        for _, row in found.rows(_SZ_WLAN.name)
    )
    for place, row in found.rows(_SZ_AP.name):
        up = str(row.get("ruckusSZAPConnStatus", "")).strip().lower() in _IS_UP
        yield Figure("ap-up", str(row.get("ruckusSZAPName") or place), float(up))


def _zone_director(found: Found) -> Iterator[Figure]:
    one = found.scalars
    yield from given("access-points-known", "", measured(one.get("ruckusZDSystemStatsNumAP")))
    yield from given("clients", "", measured(one.get("ruckusZDSystemStatsNumSta")))
    yield from percent("cpu", "", measured(one.get("ruckusZDSystemStatsCPUUtil")))
    yield from percent("memory", "", measured(one.get("ruckusZDSystemStatsMemoryUtil")))
    states = [(str(row.get("ruckusZDWLANAPDescription") or n), row) for n, row in found.rows(_ZD_AP.name)]
    for name, row in states:
        yield Figure("ap-up", name, float(row.get("ruckusZDWLANAPStatus") == _CONNECTED))
    if states:
        yield Figure("access-points", "", float(sum(r.get("ruckusZDWLANAPStatus") == _CONNECTED for _, r in states)))


def _unleashed(found: Found) -> Iterator[Figure]:
    yield from given("access-points", "", measured(found.scalars.get("ruckusUnleashedSystemStatsNumAP")))
    yield from given("clients", "", measured(found.scalars.get("ruckusUnleashedSystemStatsNumSta")))


_RECORDING = "ruckuswireless-sz"
_SZ_OWN = Kind(
    "smartzone",
    _SZ,
    (_SZ_WLAN, _SZ_AP, _NODES),
    _smartzone,
    (
        Tell("clients", "RUCKUS-SZ-WLAN-MIB ruckusSZWLANNumSta", _RECORDING),
        Tell("access-points", "RUCKUS-CTRL-MIB ruckusCtrlSystemNodeNumApConnected", _RECORDING),
        Tell("access-points-known", "RUCKUS-SZ-SYSTEM-MIB ruckusSZSystemStatsNumAP", _RECORDING),
        Tell("ap-up", "RUCKUS-SZ-WLAN-MIB ruckusSZAPConnStatus"),
    ),
)
SMARTZONE = compose("ruckus-sz", _SZ_OWN, LOAD, verified={"cpu": _RECORDING})
ZONEDIRECTOR = Kind(
    "ruckus-zd",
    _ZD,
    (_ZD_AP,),
    _zone_director,
    (
        Tell("clients", "RUCKUS-ZD-SYSTEM-MIB ruckusZDSystemStatsNumSta"),
        Tell("access-points", "RUCKUS-ZD-WLAN-MIB ruckusZDWLANAPStatus, counted"),
        Tell("access-points-known", "RUCKUS-ZD-SYSTEM-MIB ruckusZDSystemStatsNumAP"),
        Tell("ap-up", "RUCKUS-ZD-WLAN-MIB ruckusZDWLANAPStatus"),
        Tell("cpu", "RUCKUS-ZD-SYSTEM-MIB ruckusZDSystemStatsCPUUtil"),
        Tell("memory", "RUCKUS-ZD-SYSTEM-MIB ruckusZDSystemStatsMemoryUtil"),
    ),
)
UNLEASHED = Kind(
    "ruckus-unleashed",
    _UNLEASHED,
    (),
    _unleashed,
    (
        Tell("clients", "RUCKUS-UNLEASHED-SYSTEM-MIB ruckusUnleashedSystemStatsNumSta"),
        Tell("access-points", "RUCKUS-UNLEASHED-SYSTEM-MIB ruckusUnleashedSystemStatsNumAP"),
    ),
)
