"""Ubiquiti UniFi access points (UBNT-UniFi-MIB): clients of each wireless network; checked on a recording."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.kinds.kind import Figure, Found, Kind, clients_by_ssid, number
from monitor.mib import table

_UNIFI = "1.3.6.1.4.1.41112.1.6"
VAP = table(
    "unifiVapTable",
    f"{_UNIFI}.1.2.1",
    {"unifiVapChannel": 4, "unifiVapEssId": 6, "unifiVapName": 7, "unifiVapNumStations": 8},
)
RADIO = table("unifiRadioTable", f"{_UNIFI}.1.1.1", {"unifiRadioName": 2, "unifiRadioCuTotal": 6})
_MESH = "vwire-"  # the access points' own links to each other


def figures(found: Found) -> Iterable[Figure]:
    rows = [
        (str(row.get("unifiVapEssId", "")), number(row.get("unifiVapNumStations")))
        for _, row in found.rows("unifiVapTable")
    ]
    return clients_by_ssid((ssid, clients) for ssid, clients in rows if not ssid.startswith(_MESH))


KIND = Kind("unifi", {"unifiApSystemVersion": f"{_UNIFI}.3.6.0"}, (VAP, RADIO), figures)
