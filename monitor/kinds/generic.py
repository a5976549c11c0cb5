"""Any device with the standard MIBs: ports, damaged frames, processors and memory, sensors, UPS."""

from __future__ import annotations

from monitor.kinds.entity import SENSORS
from monitor.kinds.ethernet import ETHERNET
from monitor.kinds.host import HOST
from monitor.kinds.kind import compose
from monitor.kinds.neighbour import LLDP
from monitor.kinds.ups import UPS

_ARISTA = ("rx-power", "tx-power", "temperature", "voltage", "current", "fan", "cpu", "memory")
KIND = compose("generic", HOST, ETHERNET, SENSORS, UPS, LLDP, verified=dict.fromkeys(_ARISTA, "arista_eos"))
