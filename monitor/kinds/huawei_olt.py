"""Huawei SmartAX OLTs (HUAWEI-XPON-MIB, HUAWEI-DEVICE-MIB): PON ports and boards; each ONU's light is unverified.

The OLT itself tells a power cut from a fibre cut: it keeps why an ONU went down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.neighbour import LLDP
from monitor.kinds.units import LIGHT_LOST, POWER_LOST, given, light, measured, percent
from monitor.mib import table
from monitor.snapshot import Value

_XPON = "1.3.6.1.4.1.2011.6.128.1.1.2"
PON = table(
    "hwGponOltOpticsDdmInfoTable",
    f"{_XPON}.23.1",
    {
        "hwGponOltOpticsDdmInfoTemperature": 1,
        "hwGponOltOpticsDdmInfoSupplyVoltage": 2,  # hundredths of a volt
        "hwGponOltOpticsDdmInfoTxBiasCurrent": 3,  # milliamperes
        "hwGponOltOpticsDdmInfoTxPower": 4,  # hundredths of a dBm; of what it receives there is nothing between bursts
    },
)
COUNTS = table("hwGponDeviceOltControlTable", f"{_XPON}.21.1", {"hwGponDeviceOltControlOntNum": 16})
ONU_STATE = table(
    "hwGponDeviceOntControlTable",
    f"{_XPON}.46.1",
    {
        "hwGponDeviceOntControlRunStatus": 15,
        "hwGponDeviceOntControlRanging": 20,
        "hwGponDeviceOntControlLastDownCause": 24,
    },
)
ONU_LIGHT = table(
    "hwGponOntOpticalDdmInfoTable",
    f"{_XPON}.51.1",
    {"hwGponOntOpticalDdmRxPower": 4, "hwGponOntOpticalDdmTxPower": 3, "hwGponOntOpticalDdmOltRxPower": 6},
)
BOARDS = table(
    "hwSlotTable",
    "1.3.6.1.4.1.2011.2.6.7.1.1.2.1",
    {"hwSlotDesc": 7, "hwSlotCpuOccupancy": 5, "hwSlotMemOccupancy": 6, "hwSlotTemperature": 10, "hwSlotPower": 11},
)
_ONLINE = 1  # RunStatus
_CAUSES = {1: LIGHT_LOST, 2: LIGHT_LOST, 13: POWER_LOST, 9: "it was reset", 30: "its optics were switched off"}
_OLT_RX_ZERO = 10000  # OltRxPower is (dBm x 100) + 10000


def figures(found: Found) -> Iterator[Figure]:
    for index, row in found.rows(PON.name):
        yield from _pon(found.port_name(index, f"pon {index}"), row)
    for index, row in found.rows(COUNTS.name):
        yield from given(
            "onus", found.port_name(index, f"pon {index}"), measured(row.get("hwGponDeviceOltControlOntNum"))
        )
    for index, row in found.rows(ONU_STATE.name):
        yield from _state(_onu(found, index), row)
    for index, row in found.rows(ONU_LIGHT.name):
        yield from _light(_onu(found, index), row)
    for index, row in found.rows(BOARDS.name):
        yield from _board(f"{row.get('hwSlotDesc', 'slot')} {index}", row)


def _onu(found: Found, index: str) -> str:
    """The index is the PON port's ifIndex and the ONU's number."""
    pon, _, number = index.partition(".")
    return f"{found.port_name(pon, f'pon {pon}')} onu {number}"


def _pon(port: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    level = measured(row.get("hwGponOltOpticsDdmInfoTxPower"), 100)
    if level is not None:
        yield light("tx-power", port, level)
    yield from given("temperature", port, measured(row.get("hwGponOltOpticsDdmInfoTemperature")))
    yield from given("voltage", port, measured(row.get("hwGponOltOpticsDdmInfoSupplyVoltage"), 100))
    yield from given("current", port, measured(row.get("hwGponOltOpticsDdmInfoTxBiasCurrent"), 1000))


def _state(onu: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    up = row.get("hwGponDeviceOntControlRunStatus") == _ONLINE
    cause = row.get("hwGponDeviceOntControlLastDownCause")
    why = "" if up else _CAUSES.get(cause if isinstance(cause, int) else 0, f"down cause {cause}")
    yield Figure("onu-up", onu, float(up), why)
    metres = measured(row.get("hwGponDeviceOntControlRanging"))
    yield from given("distance", onu, metres if metres is not None and metres >= 0 else None)


def _light(onu: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    for what, column in (("onu-rx-power", "RxPower"), ("onu-tx-power", "TxPower")):
        level = measured(row.get(f"hwGponOntOpticalDdm{column}"), 100)
        if level is not None:
            yield light(what, onu, level)
    raw = measured(row.get("hwGponOntOpticalDdmOltRxPower"))
    if raw is not None:
        yield light("olt-rx-power", onu, (raw - _OLT_RX_ZERO) / 100)


def _board(name: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    yield from percent("cpu", name, measured(row.get("hwSlotCpuOccupancy")))
    yield from percent("memory", name, measured(row.get("hwSlotMemOccupancy")))
    yield from given("temperature", name, measured(row.get("hwSlotTemperature")))
    yield from given("power", name, measured(row.get("hwSlotPower")))


_RECORDING = "smartax"
_READ = {
    "tx-power": "HUAWEI-XPON-MIB hwGponOltOpticsDdmInfoTxPower",
    "voltage": "HUAWEI-XPON-MIB hwGponOltOpticsDdmInfoSupplyVoltage",
    "current": "HUAWEI-XPON-MIB hwGponOltOpticsDdmInfoTxBiasCurrent",
    "temperature": "HUAWEI-XPON-MIB hwGponOltOpticsDdmInfoTemperature, HUAWEI-DEVICE-MIB hwSlotTemperature",
    "onus": "HUAWEI-XPON-MIB hwGponDeviceOltControlOntNum",
    "cpu": "HUAWEI-DEVICE-MIB hwSlotCpuOccupancy",
    "memory": "HUAWEI-DEVICE-MIB hwSlotMemOccupancy",
    "power": "HUAWEI-DEVICE-MIB hwSlotPower",
}
_UNREAD = {
    "onu-up": "hwGponDeviceOntControlRunStatus",
    "distance": "hwGponDeviceOntControlRanging",
    "onu-rx-power": "hwGponOntOpticalDdmRxPower",
    "onu-tx-power": "hwGponOntOpticalDdmTxPower",
    "olt-rx-power": "hwGponOntOpticalDdmOltRxPower",
}
KIND = Kind(
    "huawei-olt",
    {},
    (PON, COUNTS, ONU_STATE, ONU_LIGHT, BOARDS),
    figures,
    (
        *(Tell(what, source, _RECORDING) for what, source in _READ.items()),
        *(Tell(what, f"HUAWEI-XPON-MIB {source}") for what, source in _UNREAD.items()),
    ),
    seldom=LLDP.seldom,
)
