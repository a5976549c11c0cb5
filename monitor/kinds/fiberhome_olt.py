"""FiberHome AN5516 OLTs (WRI's MIB, 1.3.6.1.4.1.5875.800.3): ONUs' state and light; unverified, no recording is known.

Public code disagrees on the order of voltage, bias and temperature, so these are not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.units import LIGHT_LOST, POWER_LOST, light, measured
from monitor.mib import table

_FIBERHOME = "1.3.6.1.4.1.5875.800.3"
ONUS = table("fiberhomeOnuTable", f"{_FIBERHOME}.10.1.1", {"fiberhomeOnuStatus": 11})
ONU_LIGHT = table(  # hundredths of a dBm; 0 while it is offline
    "fiberhomeOnuLightTable", f"{_FIBERHOME}.9.3.3.1", {"fiberhomeOnuRx": 6, "fiberhomeOnuTx": 7}
)
OLT_LIGHT = table("fiberhomeOltLightTable", f"{_FIBERHOME}.9.3.7.1", {"fiberhomeOltRx": 2})
_ONLINE = 1
_WHY = {0: LIGHT_LOST, 2: POWER_LOST}
_LIGHT = (
    ("fiberhomeOnuLightTable", "fiberhomeOnuRx", "onu-rx-power"),
    ("fiberhomeOnuLightTable", "fiberhomeOnuTx", "onu-tx-power"),
    ("fiberhomeOltLightTable", "fiberhomeOltRx", "olt-rx-power"),
)


def figures(found: Found) -> Iterator[Figure]:
    for index, row in found.rows("fiberhomeOnuTable"):
        status = row.get("fiberhomeOnuStatus")
        why = "" if status == _ONLINE else _WHY.get(status if isinstance(status, int) else -1, f"status {status}")
        yield Figure("onu-up", onu_name(index), float(status == _ONLINE), why)
    for name, column, what in _LIGHT:
        for index, row in found.rows(name):
            level = measured(row.get(column), 100)
            if level:
                yield light(what, onu_name(index), level)


def onu_name(index: str) -> str:
    """The index packs slot, PON and ONU into one number: slot x 2^25 + PON x 2^19 + ONU x 2^8."""
    if not index.isdigit():
        return f"onu {index}"
    packed = int(index)
    return f"onu {packed >> 25}/{(packed >> 19) & 0x3F}/{(packed >> 8) & 0x7FF}"


KIND = Kind(
    "fiberhome-olt",
    {},
    (ONUS, ONU_LIGHT, OLT_LIGHT),
    figures,
    (
        Tell("onu-up", f"FiberHome {_FIBERHOME}.10.1.1.11"),
        Tell("onu-rx-power", f"FiberHome {_FIBERHOME}.9.3.3.1.6"),
        Tell("onu-tx-power", f"FiberHome {_FIBERHOME}.9.3.3.1.7"),
        Tell("olt-rx-power", f"FiberHome {_FIBERHOME}.9.3.7.1.2"),
    ),
)
