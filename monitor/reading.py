"""What one probe of one device, NAS or link returned: a value with its unit and time, or the error."""

from __future__ import annotations

from dataclasses import dataclass

# What is read, with its unit; figures are in base units, optical power in dBm as everyone expects it.
UNITS = {
    "uptime": "seconds",  # since the agent started (sysUpTime)
    "port-up": "",  # 1 when ifOperStatus is up, 0 when it is not; port is the ifName
    "clients": "",  # of a wireless network; port is the SSID
    "rx-power": "dBm",
    "tx-power": "dBm",
    "temperature": "celsius",
    "voltage": "volts",
    "rtt": "seconds",
    "loss": "ratio",
}


@dataclass(frozen=True)
class Reading:
    """``kind`` and ``subject`` name a row of sites.yaml; ``port`` is a port's name or an SSID where one is meant."""

    kind: str  # device | nas | link
    subject: str
    what: str  # a key of UNITS
    value: float | None
    at: float
    port: str = ""
    error: str = ""  # why there is no value

    @property
    def unit(self) -> str:
        return UNITS[self.what]
