"""Cisco wireless controllers (AIRESPACE-WIRELESS-MIB); unverified: no recording is at hand."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.kind import Figure, Found, Kind, Tell, clients_by_ssid
from monitor.kinds.units import measured, number, percent
from monitor.mib import table

_WIRELESS = "1.3.6.1.4.1.14179.2"
NETWORKS = table(
    "bsnDot11EssTable", f"{_WIRELESS}.1.1.1", {"bsnDot11EssSsid": 2, "bsnDot11EssNumberOfMobileStations": 38}
)
POINTS = table("bsnAPTable", f"{_WIRELESS}.2.1.1", {"bsnAPName": 3, "bsnAPOperationStatus": 6}, personal=True)
RADIOS = table("bsnAPIfLoadParametersTable", f"{_WIRELESS}.2.13.1", {"bsnAPIfLoadChannelUtilization": 3}, personal=True)
_ASSOCIATED = 1  # bsnAPOperationStatus


def figures(found: Found) -> Iterator[Figure]:
    yield from clients_by_ssid(
        (str(row.get("bsnDot11EssSsid", "")), number(row.get("bsnDot11EssNumberOfMobileStations")))
        for _, row in found.rows("bsnDot11EssTable")
    )
    points = [(str(row.get("bsnAPName") or place), row) for place, row in found.rows("bsnAPTable")]
    for name, row in points:
        yield Figure("ap-up", name, float(row.get("bsnAPOperationStatus") == _ASSOCIATED))
    if points:
        yield Figure("access-points", "", float(sum(r.get("bsnAPOperationStatus") == _ASSOCIATED for _, r in points)))
    for place, row in found.rows("bsnAPIfLoadParametersTable"):
        yield from percent("channel-use", f"radio {place}", measured(row.get("bsnAPIfLoadChannelUtilization")))


KIND = Kind(
    "cisco-wlc",
    {},
    (NETWORKS, POINTS, RADIOS),
    figures,
    (
        Tell("clients", "AIRESPACE-WIRELESS-MIB bsnDot11EssNumberOfMobileStations"),
        Tell("ap-up", "AIRESPACE-WIRELESS-MIB bsnAPOperationStatus"),
        Tell("access-points", "AIRESPACE-WIRELESS-MIB bsnAPOperationStatus, counted"),
        Tell("channel-use", "AIRESPACE-WIRELESS-MIB bsnAPIfLoadChannelUtilization"),
    ),
)
