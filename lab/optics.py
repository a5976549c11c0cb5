"""Light in a fibre: what a module sends, what arrives after so many kilometres, and when that is too little."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lab.network import Cable, Port
from lab.seed import share

# ITU-T G.652 fibre at 1310 nm loses about 0.35 dB/km; a connector about 0.5 dB; a 20 km module hears down to -23 dBm.
_LOSS_PER_KM = 0.35
_CONNECTORS = 1.0
_SENSITIVITY = -23.0
_WEAKEST_SENDER = -3.0
_DAY = 86400


@dataclass(frozen=True)
class Reading:
    """What a module tells about itself; no light is None, never a number."""

    sent: float
    received: float | None
    celsius: int
    bias_ma: int
    supply_mv: int


def sent(seed: int, node: str, port: str) -> float:
    """Transmit power in dBm: each module its own, between -3 and -1."""
    return _WEAKEST_SENDER + 2 * share(seed, "laser", node, port)


def loss(seed: int, cable: Cable) -> float:
    """Decibels between the ends: length, connectors, and splices that differ from cable to cable."""
    return cable.length_km * _LOSS_PER_KM + _CONNECTORS + share(seed, "splices", cable.name)


def is_too_faint(seed: int, cable: Cable, extra: float) -> bool:
    """Whether the weaker end no longer hears the other."""
    if cable.lower is None or cable.lower_port is None:
        return True
    weaker = min(sent(seed, cable.upper, cable.upper_port), sent(seed, cable.lower, cable.lower_port))
    return weaker - loss(seed, cable) - extra < _SENSITIVITY


def reading(seed: int, port: Port, cable: Cable, at: float, extra: float, *, light: bool) -> Reading:
    """A port's module; outdoor cabinets swing a little with the day's heat."""
    far = (cable.lower, cable.lower_port) if cable.upper == port.node else (cable.upper, cable.upper_port)
    heat = math.sin(2 * math.pi * (at % _DAY) / _DAY)
    received = None
    if light and far[0] is not None and far[1] is not None:
        received = sent(seed, far[0], far[1]) - loss(seed, cable) - extra + 0.15 * heat
    return Reading(sent(seed, port.node, port.name), received, round(41 + 6 * heat), 14, 3300)
