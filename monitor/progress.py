"""How far the roll-out to the districts is (pure): n of 16, and which are being built or only planned."""

from __future__ import annotations

from dataclasses import dataclass

from hotspot.sites import Sites

_ORDER = ("active", "building", "planned")


@dataclass(frozen=True)
class Progress:
    """Codes of districts, each once, by the furthest of its links; ``none`` has no link at all."""

    active: tuple[str, ...]
    building: tuple[str, ...]
    planned: tuple[str, ...]
    none: tuple[str, ...]

    @property
    def of(self) -> int:
        return len(self.active) + len(self.building) + len(self.planned) + len(self.none)


def progress(sites: Sites) -> Progress:
    found: dict[str, list[str]] = {word: [] for word in (*_ORDER, "none")}
    for place in sites.kecamatan:
        words = {link.status for link in sites.links if link.kecamatan == place.code}
        found[next((word for word in _ORDER if word in words), "none")].append(place.code)
    return Progress(*(tuple(found[word]) for word in (*_ORDER, "none")))
