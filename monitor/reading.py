"""What one probe of one device, NAS or link returned: a value with its unit and time, or the error."""

from __future__ import annotations

from dataclasses import dataclass

# What is read, with its unit; figures are in base units, optical power in dBm as everyone expects it.
UNITS = {
    "uptime": "seconds",  # since the agent started (sysUpTime)
    "port-up": "",  # 1 when ifOperStatus is up, 0 when it is not; port is the ifName
    "in-rate": "bits/second",
    "out-rate": "bits/second",
    "error-rate": "1/second",  # frames that arrived and were no use
    "fcs-errors": "",  # a counter of the port: frames that arrived damaged
    "symbol-errors": "",  # a counter of the port: code that could not be read
    "link-downs": "",  # a counter of the port: it sees what happens between two polls
    "half-duplex": "",  # 1 when the port is
    "clients": "",  # of a wireless network; port is the SSID
    "radio-clients": "",  # of a radio; port is the radio
    "access-points": "",  # that a controller has and reaches
    "access-points-known": "",  # that a controller should have
    "ap-up": "",  # 1 while a controller reaches the access point; port is its name
    "channel-use": "ratio",  # of the time that the channel is busy; port is the radio
    "airtime": "ratio",  # of the time that we use it ourselves
    "noise": "dBm",
    "signal": "dBm",  # as received; port is the radio or the subscriber
    "radio-power": "dBm",
    "radio-frequency": "hertz",
    "distance": "metres",
    "isolated": "",  # 1 while an access point has lost its uplink or controller
    "onus": "",  # that an OLT or one of its ports knows
    "onu-up": "",  # 1 while it is online; port is the ONU, and the error says why it is not
    "rx-power": "dBm",
    "tx-power": "dBm",
    "onu-rx-power": "dBm",  # what the ONU receives from the OLT; port is the ONU
    "onu-tx-power": "dBm",
    "olt-rx-power": "dBm",  # what the OLT receives from this ONU; port is the ONU
    "temperature": "celsius",
    "humidity": "ratio",
    "voltage": "volts",
    "current": "amperes",
    "power": "watts",
    "frequency": "hertz",
    "fan": "rpm",
    "supply-ok": "",  # 1 while a power supply works
    "cpu": "ratio",
    "memory": "ratio",
    "battery": "ratio",  # of its charge
    "battery-left": "seconds",
    "on-battery": "seconds",  # since the mains failed; 0 while they are there
    "load": "ratio",
    "rtt": "seconds",
    "loss": "ratio",
    "jitter": "seconds",  # between the echoes of one poll
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
