"""Ubiquiti airMAX radios with airOS (UBNT-AirMAX-MIB): the wireless link between two buildings."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.units import given, measured, number, percent
from monitor.mib import table

_AIRMAX = "1.3.6.1.4.1.41112.1.4"
SCALARS = {
    "ubntHostCpuLoad": f"{_AIRMAX}.8.3.0",  # hundredths of a percent
    "ubntHostTemperature": f"{_AIRMAX}.8.4.0",  # ten-millionths of a degree on airOS 8
}
RADIO = table("ubntRadioTable", f"{_AIRMAX}.1.1", {"ubntRadioFreq": 4, "ubntRadioTxPower": 6, "ubntRadioDistance": 7})
STATION = table(
    "ubntWlStatTable",
    f"{_AIRMAX}.5.1",
    {"ubntWlStatSignal": 5, "ubntWlStatSsid": 2, "ubntWlStatNoiseFloor": 8, "ubntWlStatStaCount": 15},
)
AIRMAX = table("ubntAirMaxTable", f"{_AIRMAX}.6.1", {"ubntAirMaxAirtime": 7})  # tenths of a percent
_PER_DEGREE = 1e7


def figures(found: Found) -> Iterable[Figure]:
    for index, row in found.rows("ubntRadioTable"):
        radio, megahertz = f"radio {index}", measured(row.get("ubntRadioFreq"))
        yield from given("radio-frequency", radio, megahertz * 1e6 if megahertz else None)
        yield from given("radio-power", radio, measured(row.get("ubntRadioTxPower")))
        yield from given("distance", radio, measured(row.get("ubntRadioDistance")))
    for index, row in found.rows("ubntWlStatTable"):
        yield Figure("clients", str(row.get("ubntWlStatSsid") or index), number(row.get("ubntWlStatStaCount")))
        yield from given("signal", f"radio {index}", measured(row.get("ubntWlStatSignal")))
        yield from given("noise", f"radio {index}", measured(row.get("ubntWlStatNoiseFloor")))
    for index, row in found.rows("ubntAirMaxTable"):
        yield from percent("airtime", f"radio {index}", measured(row.get("ubntAirMaxAirtime"), 10))
    yield from percent("cpu", "", measured(found.scalars.get("ubntHostCpuLoad"), 100))
    yield from given("temperature", "", measured(found.scalars.get("ubntHostTemperature"), _PER_DEGREE))


_SOURCES = {
    "clients": "ubntWlStatStaCount",
    "signal": "ubntWlStatSignal",
    "noise": "ubntWlStatNoiseFloor",
    "airtime": "ubntAirMaxAirtime",
    "radio-frequency": "ubntRadioFreq",
    "radio-power": "ubntRadioTxPower",
    "distance": "ubntRadioDistance",
    "cpu": "ubntHostCpuLoad",
    "temperature": "ubntHostTemperature",
}
_TELLS = tuple(Tell(what, f"UBNT-AirMAX-MIB {source}", "airos_airos8") for what, source in _SOURCES.items())
KIND = Kind("airmax", SCALARS, (RADIO, STATION, AIRMAX), figures, _TELLS)
