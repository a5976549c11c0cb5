"""How many octets a cable has carried: a daily curve in closed form, so that any moment can be asked for again."""

from __future__ import annotations

import math
from collections.abc import Iterable

from lab.faults import Span
from lab.network import Cable, Network
from lab.seed import share

_DAY = 86400
_SWING = 0.8  # the busiest moment carries 1.8 times the mean, the quietest 0.2 times
_BUSIEST = 12.5 * 3600  # 19:30 in Western Indonesia, as seconds of the UTC day
_NODE_DOWN = 1_500_000  # mean octets a second for each node beyond a cable (12 Mbit/s)
PACKET = 900  # mean octets a packet


def mean_rates(network: Network, cable: Cable) -> tuple[float, float]:
    """Mean octets a second towards the lower and towards the upper end."""
    down = _NODE_DOWN * len(network.beyond[cable.name]) * (0.6 + 0.8 * share(network.seed, "traffic", cable.name))
    return down, down * (0.08 + 0.1 * share(network.seed, "upload", cable.name))


def carried(rate: float, since: float, until: float, silent: Iterable[Span]) -> int:
    """Octets between two moments, less what would have passed while the cable was silent."""
    quiet = sum(_area(max(a, since), min(b, until)) for a, b in silent if max(a, since) < min(b, until))
    return max(0, int(rate * (_area(since, until) - quiet)))


def _area(since: float, until: float) -> float:
    """The integral of 1 + swing * cos(day), from the sines' difference so that no precision is lost."""
    turn = 2 * math.pi / _DAY
    sines = math.sin(turn * ((until - _BUSIEST) % _DAY)) - math.sin(turn * ((since - _BUSIEST) % _DAY))
    return (until - since) + _SWING / turn * sines
