"""Ubiquiti UFiber OLTs (UBNT-UFIBER-MIB): state and light of each ONU, where 0 dBm is an ONU that is offline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.kinds.host import HOST
from monitor.kinds.kind import Figure, Found, Kind, Tell, compose
from monitor.kinds.units import given, light, measured
from monitor.mib import table
from monitor.snapshot import Value

_UFIBER = "1.3.6.1.4.1.41112.1.5"
SCALARS = {"ubntOnusCount": f"{_UFIBER}.6.1.0"}
TEMPERATURES = table("ubntTemperaturesTable", f"{_UFIBER}.4.2.1", {"ubntTemperature": 3})  # thousandths of a degree
FANS = table("ubntFansTable", f"{_UFIBER}.5.2.1", {"ubntFanRpm": 3})
ONUS = table(  # indexed by the ONU's serial number
    "ubntOnusTable",
    f"{_UFIBER}.6.2.1",
    {
        "ubntOnuOnline": 3,
        "ubntOnuName": 2,
        "ubntOnuTxPower": 8,  # hundredths of a dBm, as the next
        "ubntOnuRxPower": 9,
    },
    personal=True,
)
_TRUE = 1  # TruthValue


def figures(found: Found) -> Iterator[Figure]:
    yield from given("onus", "", measured(found.scalars.get("ubntOnusCount")))
    for index, row in found.rows("ubntTemperaturesTable"):
        yield from given("temperature", f"sensor {index}", measured(row.get("ubntTemperature"), 1000))
    for index, row in found.rows("ubntFansTable"):
        yield from given("fan", f"fan {index}", measured(row.get("ubntFanRpm")))
    for index, row in found.rows("ubntOnusTable"):
        yield from _onu(str(row.get("ubntOnuName") or f"onu {index}"), row)


def _onu(name: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    up = row.get("ubntOnuOnline") == _TRUE
    yield Figure("onu-up", name, float(up), "" if up else "it is offline")
    for what, column in (("onu-rx-power", "ubntOnuRxPower"), ("onu-tx-power", "ubntOnuTxPower")):
        level = measured(row.get(column), 100)
        if up and level:
            yield light(what, name, level)


_RECORDING = "edgeosolt"
_SOURCES = {
    "onus": "ubntOnusCount",
    "onu-up": "ubntOnuOnline",
    "onu-rx-power": "ubntOnuRxPower",
    "onu-tx-power": "ubntOnuTxPower",
    "temperature": "ubntTemperature",
    "fan": "ubntFanRpm",
}
_TELLS = tuple(Tell(what, f"UBNT-UFIBER-MIB {source}", _RECORDING) for what, source in _SOURCES.items())
OWN = Kind("ufiber-olt", SCALARS, (TEMPERATURES, FANS, ONUS), figures, _TELLS)
KIND = compose("ufiber-olt", OWN, HOST, verified={"cpu": _RECORDING, "memory": _RECORDING})
