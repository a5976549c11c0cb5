"""ZTE C300 and C320 OLTs: cards on a recording; ONUs by what public code agrees on, unverified.

ZTE's MIBs were not at hand for most objects, so the objects bear names of ours and the card cites their OIDs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.neighbour import LLDP
from monitor.kinds.units import LIGHT_LOST, POWER_LOST, given, light, measured, percent
from monitor.mib import table
from monitor.snapshot import Value

_ZXAN, _GPON = "1.3.6.1.4.1.3902.1082", "1.3.6.1.4.1.3902.1012.3"
CARDS = table(
    "zteCardTable",
    f"{_ZXAN}.10.10.2.1.6.1",
    {"zteCardTemperature": 2, "zteCardMilliwatts": 3, "zteCardMillivolts": 4, "zteCardMilliamperes": 5},
)
CPU = table("zteCpuTable", f"{_ZXAN}.10.1.2.4.1", {"zteCpuLoad": 9})
FANS = table("zteFanTable", f"{_ZXAN}.10.10.2.4.11.1", {"zteFanSpeed": 7})
SUPPLY = table("zteSupplyTable", f"{_ZXAN}.10.10.2.3.11.1", {"zteSupplyVolts": 2})
UPLINK = table(  # thousandths of a dBm
    "zteOpticalTable", f"{_ZXAN}.30.40.2.4.1", {"zteOpticalRx": 2, "zteOpticalTx": 3}
)
ONUS = table("zteOnuTable", f"{_GPON}.28.2.1", {"zteOnuPhase": 4, "zteOnuLastDownCause": 7})
ONU_LIGHT = table("zteOnuLightTable", f"{_GPON}.50.12.1.1", {"zteOnuRx": 10})
_WORKING = 4
_PHASES = {2: LIGHT_LOST, 5: POWER_LOST, 6: "its serial number or password is not known", 7: "it is offline"}


def figures(found: Found) -> Iterator[Figure]:
    for index, row in found.rows(CARDS.name):
        yield from _card(f"card {index}", row)
    for index, row in found.rows(CPU.name):
        yield from percent("cpu", f"card {index}", measured(row.get("zteCpuLoad")))
    for index, row in found.rows(FANS.name):
        yield from given("fan", f"fan {index}", measured(row.get("zteFanSpeed")))
    for index, row in found.rows(SUPPLY.name):
        yield from given("voltage", f"input {index}", measured(row.get("zteSupplyVolts")) or None)
    for index, row in found.rows(UPLINK.name):
        for what, column in (("rx-power", "zteOpticalRx"), ("tx-power", "zteOpticalTx")):
            level = measured(row.get(column), 1000)
            if level is not None:
                yield light(what, found.port_name(index, f"optic {index}"), level)
    for index, row in found.rows(ONUS.name):
        phase = row.get("zteOnuPhase")
        why = "" if phase == _WORKING else _PHASES.get(phase if isinstance(phase, int) else 0, f"phase {phase}")
        yield Figure("onu-up", _onu(found, index), float(phase == _WORKING), why)
    for index, row in found.rows(ONU_LIGHT.name):
        yield from given("onu-rx-power", _onu(found, index), onu_level(row.get("zteOnuRx")))


def _onu(found: Found, index: str) -> str:
    pon, number = [*index.split("."), ""][:2]
    return f"{found.port_name(pon, f'pon {pon}')} onu {number}"


def _card(name: str, row: Mapping[str, Value]) -> Iterator[Figure]:
    """A card that measures no power says 0 for it."""
    yield from given("temperature", name, measured(row.get("zteCardTemperature")))
    yield from given("power", name, measured(row.get("zteCardMilliwatts"), 1000) or None)
    yield from given("voltage", name, measured(row.get("zteCardMillivolts"), 1000) or None)
    yield from given("current", name, measured(row.get("zteCardMilliamperes"), 1000) or None)


def onu_level(raw: Value | None) -> float | None:
    """Steps of 0.002 dB from -30 dBm, as 16 bits with a sign; 65535 is nothing."""
    if not isinstance(raw, int) or raw == 65535:
        return None
    return (raw if raw < 2**15 else raw - 2**16) * 0.002 - 30


_RECORDING = "zxa10_c320"
_READ = {
    "temperature": f"{_ZXAN}.10.10.2.1.6.1.2",
    "power": f"{_ZXAN}.10.10.2.1.6.1.3",
    "voltage": f"{_ZXAN}.10.10.2.1.6.1.4",
    "current": f"{_ZXAN}.10.10.2.1.6.1.5",
    "cpu": f"{_ZXAN}.10.1.2.4.1.9",
    "fan": f"{_ZXAN}.10.10.2.4.11.1.7",
}
_UNREAD = {
    "rx-power": f"{_ZXAN}.30.40.2.4.1.2",
    "tx-power": f"{_ZXAN}.30.40.2.4.1.3",
    "onu-up": f"{_GPON}.28.2.1.4",
    "onu-rx-power": f"{_GPON}.50.12.1.1.10",
}
KIND = Kind(
    "zte-olt",
    {},
    (CARDS, CPU, FANS, SUPPLY, UPLINK, ONUS, ONU_LIGHT),
    figures,
    (
        *(Tell(what, f"ZTE {oid}", _RECORDING) for what, oid in _READ.items()),
        *(Tell(what, f"ZTE {oid}") for what, oid in _UNREAD.items()),
    ),
    seldom=LLDP.seldom,
)
