"""V-SOL OLTs (V1600D): light as text, "0.03 mW (-14.61 dBm)"; the parenthesis is the exact one of the two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.units import given, light, measured, percent, spoken
from monitor.mib import table
from monitor.snapshot import Value

_VSOL = "1.3.6.1.4.1.37950.1.1.5"
SCALARS = {"vsolCpuLoad": f"{_VSOL}.10.12.3.0", "vsolTemperature": f"{_VSOL}.10.12.5.9.0"}
PON = table(
    "vsolPonTable",
    f"{_VSOL}.10.13.1.1",
    {"vsolPonTx": 5, "vsolPonTemperature": 2, "vsolPonVolts": 3, "vsolPonMilliamperes": 4},
)
ONUS = table("vsolOnuLightTable", f"{_VSOL}.12.2.1.8.1", {"vsolOnuRx": 7, "vsolOnuTx": 6, "vsolOnuTemperature": 3})
_LEVEL = re.compile(r"\((-?\d+(?:\.\d+)?)\s*dBm\)", re.IGNORECASE)


def figures(found: Found) -> Iterator[Figure]:
    yield from percent("cpu", "", measured(found.scalars.get("vsolCpuLoad")))
    yield from given("temperature", "", measured(found.scalars.get("vsolTemperature")))
    for index, row in found.rows("vsolPonTable"):
        yield from _pon(f"pon {index}", row)
    for index, row in found.rows("vsolOnuLightTable"):
        yield from _onu(f"onu {index.replace('.', '/')}", row)


def _pon(port: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    level = spoken(row.get("vsolPonTx"))
    if level is not None:
        yield light("tx-power", port, level)
    yield from given("temperature", port, spoken(row.get("vsolPonTemperature")))
    yield from given("voltage", port, spoken(row.get("vsolPonVolts")))
    yield from given("current", port, spoken(row.get("vsolPonMilliamperes"), 1000))


def _onu(onu: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    for what, column in (("onu-rx-power", "vsolOnuRx"), ("onu-tx-power", "vsolOnuTx")):
        found = _LEVEL.search(str(row.get(column, "")))
        if found:
            yield light(what, onu, float(found.group(1)))
    yield from given("temperature", onu, spoken(row.get("vsolOnuTemperature")))


_SOURCES = {
    "onu-rx-power": "12.2.1.8.1.7",
    "onu-tx-power": "12.2.1.8.1.6",
    "tx-power": "10.13.1.1.5",
    "temperature": "10.13.1.1.2",
    "voltage": "10.13.1.1.3",
    "current": "10.13.1.1.4",
    "cpu": "10.12.3.0",
}
_TELLS = tuple(Tell(what, f"V-SOL {_VSOL}.{source}", "vsolution_v1600d") for what, source in _SOURCES.items())
KIND = Kind("vsol-olt", SCALARS, (PON, ONUS), figures, _TELLS)
