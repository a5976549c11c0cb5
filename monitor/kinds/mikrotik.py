"""MikroTik RouterOS (MIKROTIK-MIB): clients of each wireless network, optics, health; checked on recordings.

Registrations by client (mtxrWlRtab) are never read: their index is the client's MAC. The drivers wifi-qcom and
CAPsMAN have no count by network, so their clients are not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from monitor.kinds.kind import Figure, Found, Kind, clients_by_ssid, number
from monitor.mib import table
from monitor.snapshot import Value

_MIKROTIK = "1.3.6.1.4.1.14988.1.1"
HEALTH = {
    "mtxrHlVoltage": f"{_MIKROTIK}.3.8.0",  # tenths of a volt
    "mtxrHlTemperature": f"{_MIKROTIK}.3.10.0",  # tenths of a degree
    "mtxrHlProcessorTemperature": f"{_MIKROTIK}.3.11.0",
}
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
OPTICAL = table(
    "mtxrOpticalTable",
    f"{_MIKROTIK}.19.1.1",
    {
        "mtxrOpticalName": 2,
        "mtxrOpticalRxLoss": 3,
        "mtxrOpticalWavelength": 5,  # hundredths of a nanometre
        "mtxrOpticalTemperature": 6,
        "mtxrOpticalSupplyVoltage": 7,  # millivolts
        "mtxrOpticalTxPower": 9,  # thousandths of a dBm, as the next
        "mtxrOpticalRxPower": 10,
    },
)
GAUGE = table("mtxrGaugeTable", f"{_MIKROTIK}.3.100.1", {"mtxrGaugeName": 2, "mtxrGaugeValue": 3, "mtxrGaugeUnit": 4})
STATS = table("mtxrInterfaceStatsTable", f"{_MIKROTIK}.14.1.1", {"mtxrInterfaceStatsLinkDowns": 90})
_CELSIUS, _DECIVOLTS = 1, 3  # mtxrGaugeUnit; a gauge's celsius are whole degrees, unlike mtxrHlTemperature


def figures(found: Found) -> Iterable[Figure]:
    yield from clients_by_ssid(_networks(found))
    for index, row in found.rows("mtxrOpticalTable"):
        yield from _optics(found.port_name(index, str(row.get("mtxrOpticalName", index))), row)
    yield from _gauges(found) if found.tables.get("mtxrGaugeTable") else _health(found)


def _networks(found: Found) -> Iterator[tuple[str, float]]:
    for _, row in found.rows("mtxrWlApTable"):
        yield str(row.get("mtxrWlApSsid", "")), number(row.get("mtxrWlApClientCount"))


def _optics(port: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    """An empty cage answers 0 for everything, and 0 dBm would look perfect."""
    if not row.get("mtxrOpticalSupplyVoltage") and not row.get("mtxrOpticalWavelength"):
        return
    yield Figure("tx-power", port, number(row.get("mtxrOpticalTxPower")) / 1000)
    if "mtxrOpticalRxPower" in row and not row.get("mtxrOpticalRxLoss"):
        yield Figure("rx-power", port, number(row["mtxrOpticalRxPower"]) / 1000)
    else:
        yield Figure("rx-power", port, None, "no light arrives")
    yield Figure("temperature", port, number(row.get("mtxrOpticalTemperature")))


def _gauges(found: Found) -> Iterator[Figure]:
    for _, row in found.rows("mtxrGaugeTable"):
        name, value = str(row.get("mtxrGaugeName", "")), number(row.get("mtxrGaugeValue"))
        if row.get("mtxrGaugeUnit") == _CELSIUS:
            yield Figure("temperature", name, value)
        elif row.get("mtxrGaugeUnit") == _DECIVOLTS:
            yield Figure("voltage", name, value / 10)


def _health(found: Found) -> Iterator[Figure]:
    for name, what, place in (
        ("mtxrHlVoltage", "voltage", ""),
        ("mtxrHlTemperature", "temperature", "board"),
        ("mtxrHlProcessorTemperature", "temperature", "cpu"),
    ):
        if name in found.scalars:
            yield Figure(what, place, number(found.scalars[name]) / 10)


KIND = Kind("mikrotik", HEALTH, (WL_AP, OPTICAL, GAUGE, STATS), figures)
