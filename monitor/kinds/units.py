"""Raw values as figures in base units, once for all kinds: what is no number, what is no light, how text is read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from monitor.kinds.kind import Figure
from monitor.snapshot import Value

# What agents say where they have nothing: the ends of INTEGER's ranges (Huawei, ZTE), and ENTITY-SENSOR-MIB's
# EntitySensorValue -1000000000, "a value below the range".
NOTHING = frozenset({2**31 - 1, -(2**31), 32767, -32768, 65535, -(10**9), 10**9})
DARK_DBM = -40.0  # 0.1 microwatt, the least that SFF-8472 can say: no light
NO_LIGHT = "no light arrives"
POWER_LOST = "dying gasp: its power failed"
LIGHT_LOST = "loss of signal: its fibre, or a connector, is dark"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def measured(value: Value | None, per: float = 1.0) -> float | None:
    """An integer object, of which ``per`` make one unit; None where the agent has nothing or says a sentinel."""
    return value / per if isinstance(value, int) and value not in NOTHING else None


def spoken(value: Value | None, per: float = 1.0) -> float | None:
    """The first number of a text such as "6.56 dbm"; None for "N/A"."""
    found = _NUMBER.search(str(value)) if value is not None else None
    return float(found.group()) / per if found else None


def number(value: Value | None) -> float:
    """An integer object's value, 0 where the agent has none."""
    return float(value) if isinstance(value, int) else 0.0


def dbm(milliwatts: float | None) -> float | None:
    """Optical power as a level; nothing at all has none."""
    return 10 * math.log10(milliwatts) if milliwatts and milliwatts > 0 else None


def light(what: str, port: str, level: float | None) -> Figure:
    """Received or sent light in dBm, or that there is none."""
    if level is None or level <= DARK_DBM:
        return Figure(what, port, None, NO_LIGHT if "rx" in what else "no light is sent")
    return Figure(what, port, level)


def given(what: str, port: str, value: float | None) -> Iterator[Figure]:
    """The figure, if there is a value."""
    if value is not None:
        yield Figure(what, port, value)


def percent(what: str, port: str, value: float | None) -> Iterator[Figure]:
    """A share that the agent says in percent; more than all is a fault of the agent and no figure."""
    if value is not None and 0 <= value <= 100:
        yield Figure(what, port, value / 100)


def channel_hertz(channel: float | None, *, six: bool = False) -> float | None:
    """IEEE 802.11 channel numbers to frequencies; ``six``: of the 6 GHz band, as 17 to 145 by fours always are."""
    if not channel:
        return None
    if six or (14 < channel < 149 and channel % 4 == 1):
        return (5950 + 5 * channel) * 1e6
    if channel == 14:
        return 2484e6
    return ((2407 if channel < 14 else 5000) + 5 * channel) * 1e6
