"""How fast traffic and errors pass each port (pure): two answers of one device, matched by the port's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.counter import BITS_32, BITS_64, Sample, rate
from monitor.snapshot import Answers, Port, Value

_OCTETS = {"in-rate": "ifHCInOctets", "out-rate": "ifHCOutOctets"}


def rates(
    before: Answers | None, at: float, system: Mapping[str, Value], ports: tuple[Port, ...]
) -> Iterator[tuple[str, str, float]]:
    """(what, port, value) of ports that both polls saw under one name and index; a name that moved is another port."""
    if before is None:
        return
    old = {(port.name, port.index): port for port in before.ports}
    for port in ports:
        then = old.get((port.name, port.index))
        if then is None:
            continue
        pair = (then, before.at, before.system), (port, at, system)
        octets = port.values.get("ifHighSpeed", 0) * 1e6 / 8 or None
        for what, column in _OCTETS.items():
            yield from ((what, port.name, found * 8) for found in _rate(column, pair, BITS_64, octets))
        yield from (("error-rate", port.name, found) for found in _rate("ifInErrors", pair, BITS_32, None))


def _rate(
    column: str, pair: tuple[tuple[Port, float, Mapping[str, Value]], ...], size: int, most: float | None
) -> Iterator[float]:
    samples = [_sample(port.values, column, at, system) for port, at, system in pair]
    found = rate(samples[0], samples[1], size, most) if samples[0] and samples[1] else None
    if found is not None:
        yield found


def _sample(values: Mapping[str, int], column: str, at: float, system: Mapping[str, Value]) -> Sample | None:
    uptime = system.get("sysUpTime")
    if column not in values:
        return None
    ticks = uptime if isinstance(uptime, int) else None
    return Sample(values[column], at, ticks, values.get("ifCounterDiscontinuityTime"))
