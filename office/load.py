"""How full the lines of the sites are, as the mean of an hour: the accounting of visitors against the contract (pure).

The monitor reads the traffic of ports, but which port of which box is a site's way out stands nowhere, and not every
gateway speaks SNMP; every gateway reports octets. The rule is that of the monthly report's saturated hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotspot.sites import Site, Sites
from office.facts import Data
from office.report.crowding import HOUR, LINE_FULL


@dataclass(frozen=True)
class Load:
    """``bits`` a second in the busier direction; ``line`` is what the contract promises, where it is known."""

    start: int
    bits: float
    line: int | None

    @property
    def part(self) -> float | None:
        """Per cent of the line."""
        return self.bits * 100 / self.line if self.line else None

    @property
    def is_full(self) -> bool:
        return self.part is not None and self.part > LINE_FULL


@dataclass(frozen=True)
class Uplinks:
    """All lines together, and the site whose line is fullest."""

    bits: float
    part: float | None
    fullest: Site | None
    highest: float | None


def load(site: Site, start: int, data: Data) -> Load:
    return Load(start, max(data.download, data.upload) * 8 / HOUR, site.line)


def day(site: Site, data: Mapping[int, Data], last: int) -> tuple[Load, ...]:
    """The last twenty-four whole hours, that of ``last`` at the end; an hour without reports is empty."""
    return tuple(load(site, start, data.get(start, Data())) for start in range(last - 23 * HOUR, last + 1, HOUR))


def peak(loads: tuple[Load, ...]) -> Load | None:
    """The fullest hour, the latest of equal ones; None where nothing was moved at all."""
    top = max(loads, key=lambda one: (one.bits, one.start), default=None)
    return top if top and top.bits else None


def uplinks(sites: Sites, data: Mapping[str, Data]) -> Uplinks:
    loads = [(site, load(site, 0, data.get(site.id, Data()))) for site in sites.sites]
    bits = sum(one.bits for _, one in loads)
    known = [(site, one) for site, one in loads if one.line]
    if not known or not data:
        return Uplinks(bits, None, None, None)
    fullest, top = max(known, key=lambda pair: pair[1].part or 0)
    lines = sum(one.line or 0 for _, one in known)
    return Uplinks(bits, sum(one.bits for _, one in known) * 100 / lines, fullest, top.part)
