"""Aruba Instant (AI-AP-MIB): a cluster of access points that answers as one; rows are indexed by their MACs."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.kind import Figure, Found, Kind, Tell, clients_by_ssid
from monitor.kinds.units import channel_hertz, given, measured, number, percent, spoken
from monitor.mib import table

_INSTANT = "1.3.6.1.4.1.14823.2.3.3.1"
SSIDS = table("aiSSIDTable", f"{_INSTANT}.1.7.1", {"aiSSID": 2, "aiSSIDClientNum": 4})
POINTS = table(
    "aiAccessPointTable", f"{_INSTANT}.2.1.1", {"aiAPName": 2, "aiAPCPUUtilization": 7, "aiAPStatus": 11}, personal=True
)
RADIOS = table(
    "aiRadioTable",
    f"{_INSTANT}.2.2.1",
    {
        "aiRadioChannel": 4,  # text, with + or E behind it where channels are bonded
        "aiRadioTransmitPower": 5,
        "aiRadioNoiseFloor": 6,  # without its minus
        "aiRadioUtilization64": 8,
        "aiRadioClientNum": 21,
    },
    personal=True,
)
_UP = 1  # aiAPStatus


def figures(found: Found) -> Iterator[Figure]:
    yield from clients_by_ssid(
        (str(row.get("aiSSID", "")), number(row.get("aiSSIDClientNum"))) for _, row in found.rows("aiSSIDTable")
    )
    points = [(str(row.get("aiAPName") or place), row) for place, row in found.rows("aiAccessPointTable")]
    for name, row in points:
        yield Figure("ap-up", name, float(row.get("aiAPStatus") == _UP))
        yield from percent("cpu", name, measured(row.get("aiAPCPUUtilization")))
    if points:
        yield Figure("access-points", "", float(sum(row.get("aiAPStatus") == _UP for _, row in points)))
    for place, row in found.rows("aiRadioTable"):
        radio = f"radio {place}"
        yield from given("radio-clients", radio, measured(row.get("aiRadioClientNum")))
        yield from given("radio-frequency", radio, channel_hertz(spoken(row.get("aiRadioChannel"))))
        yield from given("radio-power", radio, measured(row.get("aiRadioTransmitPower")))
        noise = measured(row.get("aiRadioNoiseFloor"))
        yield from given("noise", radio, -noise if noise else None)
        yield from percent("channel-use", radio, measured(row.get("aiRadioUtilization64")))


_SOURCES = {
    "clients": "aiSSIDClientNum",
    "radio-clients": "aiRadioClientNum",
    "access-points": "aiAPStatus, counted",
    "ap-up": "aiAPStatus",
    "cpu": "aiAPCPUUtilization",
    "radio-frequency": "aiRadioChannel",
    "radio-power": "aiRadioTransmitPower",
    "noise": "aiRadioNoiseFloor",
    "channel-use": "aiRadioUtilization64",
}
_TELLS = tuple(Tell(what, f"AI-AP-MIB {source}", "aruba-instant") for what, source in _SOURCES.items())
KIND = Kind("aruba-instant", {}, (SSIDS, POINTS, RADIOS), figures, _TELLS)
