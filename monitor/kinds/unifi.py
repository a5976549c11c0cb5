"""Ubiquiti UniFi access points (UBNT-UniFi-MIB): clients of each network, radios, whether it has lost its uplink."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.kinds.host import HOST
from monitor.kinds.kind import Figure, Found, Kind, Tell, clients_by_ssid, compose
from monitor.kinds.units import channel_hertz, given, measured, number, percent
from monitor.mib import table

_UNIFI = "1.3.6.1.4.1.41112.1.6"
SCALARS = {"unifiApSystemIsolated": f"{_UNIFI}.3.2.0", "unifiApSystemVersion": f"{_UNIFI}.3.6.0"}
VAP = table(
    "unifiVapTable",
    f"{_UNIFI}.1.2.1",
    {
        "unifiVapEssId": 6,
        "unifiVapChannel": 4,
        "unifiVapName": 7,
        "unifiVapNumStations": 8,
        "unifiVapRadio": 9,
        "unifiVapTxPower": 21,
    },
)
RADIO = table(
    "unifiRadioTable",
    f"{_UNIFI}.1.1.1",
    {"unifiRadioRadio": 3, "unifiRadioName": 2, "unifiRadioCuTotal": 6, "unifiRadioCuSelfTx": 8},
)
_MESH = "vwire-"  # the access points' own links to each other
_SIX = "6e"  # the radio of the 6 GHz band


def figures(found: Found) -> Iterable[Figure]:
    rows = [
        (str(row.get("unifiVapEssId", "")), number(row.get("unifiVapNumStations")))
        for _, row in found.rows("unifiVapTable")
    ]
    yield from clients_by_ssid((ssid, clients) for ssid, clients in rows if not ssid.startswith(_MESH))
    for index, row in found.rows("unifiRadioTable"):
        yield from percent(
            "channel-use", str(row.get("unifiRadioRadio", index)), measured(row.get("unifiRadioCuTotal"))
        )
        yield from percent("airtime", str(row.get("unifiRadioRadio", index)), measured(row.get("unifiRadioCuSelfTx")))
    yield from _radios(found)
    if "unifiApSystemIsolated" in found.scalars:  # TruthValue: true is 1
        yield Figure("isolated", "", float(found.scalars["unifiApSystemIsolated"] == 1))


def _radios(found: Found) -> Iterator[Figure]:
    """The networks of one radio share its channel and power; the first says it."""
    seen = set()
    for index, row in found.rows("unifiVapTable"):
        radio = str(row.get("unifiVapRadio", index))
        if radio not in seen:
            seen.add(radio)
            hertz = channel_hertz(measured(row.get("unifiVapChannel")), six=radio == _SIX)
            yield from given("radio-frequency", radio, hertz)
            yield from given("radio-power", radio, measured(row.get("unifiVapTxPower")))


_NANO = "unifi_nanohd"
OWN = Kind(
    "unifi",
    SCALARS,
    (VAP, RADIO),
    figures,
    (
        Tell("clients", "UBNT-UniFi-MIB unifiVapNumStations", _NANO),
        Tell("channel-use", "UBNT-UniFi-MIB unifiRadioCuTotal", _NANO),
        Tell("airtime", "UBNT-UniFi-MIB unifiRadioCuSelfTx", _NANO),
        Tell("radio-frequency", "UBNT-UniFi-MIB unifiVapChannel", _NANO),
        Tell("radio-power", "UBNT-UniFi-MIB unifiVapTxPower", _NANO),
        Tell("isolated", "UBNT-UniFi-MIB unifiApSystemIsolated"),
    ),
)
KIND = compose("unifi", OWN, HOST, verified={"cpu": _NANO})
