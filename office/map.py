"""The schematic map: districts, hotspots and links placed on a drawing from their coordinates (pure).

No tiles and no outside server: the drawing is the town's own points, with hotspots that stand too close to each other
pushed apart until each can be seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from hotspot.sites.model import LinkEnd, Point, Site, Sites
from office.town import Conditions, district_state, link_state, site_state

WIDTH = 720.0
MARGIN = 52.0
APART = 42.0  # a marker's width and a gap
NEAR, BEND = 16.0, 26.0  # a link that would run through another district's marker takes a curve around it
_ROUNDS = 200


@dataclass(frozen=True)
class Spot:
    """A place on the drawing, in its units, y downwards."""

    x: float
    y: float


LABEL = (Spot(-22.0, 26.0), Spot(22.0, 26.0))  # where a district's name stands, seen from its marker


@dataclass(frozen=True)
class Node:
    """A district (without a number) or a hotspot (with the number of its row in the table)."""

    at: Spot
    name: str
    state: str
    number: int | None = None
    site: str | None = None
    estimate: bool = False


@dataclass(frozen=True)
class Line:
    """A link between districts, or the last stretch to a hotspot."""

    a: Spot
    b: Spot
    name: str
    state: str
    bend: float = 0.0
    to_site: bool = False

    @property
    def path(self) -> str:
        """As SVG writes it: straight, or a curve whose middle stands ``bend`` beside the straight line."""
        turn = self._beside(2 * self.bend)
        start, end = f"M{self.a.x:.1f} {self.a.y:.1f}", f"{self.b.x:.1f} {self.b.y:.1f}"
        return f"{start}Q{turn.x:.1f} {turn.y:.1f} {end}" if self.bend else f"{start}L{end}"

    @property
    def middle(self) -> Spot:
        return self._beside(self.bend)

    def _beside(self, far: float) -> Spot:
        long = math.dist((self.a.x, self.a.y), (self.b.x, self.b.y)) or 1.0
        across = Spot((self.a.y - self.b.y) / long, (self.b.x - self.a.x) / long)
        return Spot((self.a.x + self.b.x) / 2 + across.x * far, (self.a.y + self.b.y) / 2 + across.y * far)


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    districts: tuple[Node, ...]
    hotspots: tuple[Node, ...]
    lines: tuple[Line, ...]


def draw(sites: Sites, conditions: Conditions) -> Drawing:
    """The whole town as it is now."""
    points = [place.at for place in sites.kecamatan] + [site.at for site in sites.sites]
    spots, height = project(points)
    of_district = {place.code: spot for place, spot in zip(sites.kecamatan, spots, strict=False)}
    markers = tuple(of_district.values())
    labels = [Spot(spot.x + label.x, spot.y + label.y) for spot in markers for label in LABEL]
    apart = spread(spots[len(markers) :], (*markers, *labels), APART)
    of_site = dict(zip((site.id for site in sites.sites), apart, strict=True))
    return Drawing(
        width=WIDTH,
        height=height,
        districts=_districts(sites, of_district, conditions),
        hotspots=_hotspots(sites, of_site, conditions),
        lines=(*_links(sites, of_district, conditions), *_stretches(sites, of_district, of_site, conditions)),
    )


def project(points: Sequence[Point]) -> tuple[list[Spot], float]:
    """Equirectangular around the middle latitude, true enough for a regency; spots and the drawing's height."""
    west, east = min(p.lon for p in points), max(p.lon for p in points)
    south, north = min(p.lat for p in points), max(p.lat for p in points)
    narrowing = math.cos(math.radians((south + north) / 2))
    wide, high = (east - west) * narrowing, north - south
    scale = (WIDTH - 2 * MARGIN) / max(wide, high, 1e-6)
    left = (WIDTH - wide * scale) / 2
    spots = [Spot(left + (p.lon - west) * narrowing * scale, MARGIN + (north - p.lat) * scale) for p in points]
    return spots, round(high * scale + 2 * MARGIN, 1)


def spread(moving: Sequence[Spot], fixed: Sequence[Spot], apart: float) -> tuple[Spot, ...]:
    """Push spots from each other and from fixed ones until all are ``apart``; the same input gives the same output."""
    spots = list(moving)
    for _ in range(_ROUNDS):
        crowded = False
        for i, j in combinations(range(len(spots)), 2):
            if push := _push(spots[i], spots[j], apart, i + j):
                spots[i] = Spot(spots[i].x - push.x / 2, spots[i].y - push.y / 2)
                spots[j] = Spot(spots[j].x + push.x / 2, spots[j].y + push.y / 2)
                crowded = True
        for i, spot in enumerate(spots):
            for other in fixed:
                if push := _push(other, spot, apart, i):
                    spots[i] = Spot(spots[i].x + push.x, spots[i].y + push.y)
                    crowded = True
        if not crowded:
            break
    return tuple(Spot(round(s.x, 1), round(s.y, 1)) for s in spots)


def bend_of(a: Spot, b: Spot, others: Iterable[Spot]) -> float:
    """How far the link from ``a`` to ``b`` must bend, and to which side, to pass beside the markers on its way."""
    wide, high = b.x - a.x, b.y - a.y
    long = math.hypot(wide, high) or 1.0
    for spot in others:
        along = ((spot.x - a.x) * wide + (spot.y - a.y) * high) / long
        beside = ((spot.y - a.y) * wide - (spot.x - a.x) * high) / long
        if NEAR < along < long - NEAR and abs(beside) < NEAR:
            return -BEND if beside > 0 else BEND
    return 0.0


def _push(a: Spot, b: Spot, apart: float, turn: int) -> Spot | None:
    """How far ``b`` must move away from ``a``; two on one spot part in a direction that their order gives."""
    far = math.hypot(b.x - a.x, b.y - a.y)
    if far >= apart - 0.1:
        return None
    angle = math.atan2(b.y - a.y, b.x - a.x) if far > 0.01 else turn * 2.4
    return Spot(math.cos(angle) * (apart - far), math.sin(angle) * (apart - far))


def _districts(sites: Sites, spots: dict[str, Spot], conditions: Conditions) -> tuple[Node, ...]:
    return tuple(
        Node(spots[p.code], p.name, district_state(p.code, sites, conditions), estimate=p.at.estimate)
        for p in sites.kecamatan
    )


def _hotspots(sites: Sites, spots: dict[str, Spot], conditions: Conditions) -> tuple[Node, ...]:
    return tuple(
        Node(spots[s.id], s.name, site_state(s, sites, conditions), number, s.id, s.at.estimate)
        for number, s in enumerate(sites.sites, 1)
    )


def _links(sites: Sites, spots: dict[str, Spot], conditions: Conditions) -> Iterable[Line]:
    for link in sites.links:
        a = _district_of(sites, link.a)
        b = link.kecamatan or _district_of(sites, link.b)
        if a in spots and b in spots and a != b:
            others = [spot for code, spot in spots.items() if code not in (a, b)]
            bend = bend_of(spots[a], spots[b], others)
            yield Line(spots[a], spots[b], sites.kecamatan_name[b], link_state(link, conditions), bend)


def _stretches(
    sites: Sites, of_district: dict[str, Spot], of_site: dict[str, Spot], conditions: Conditions
) -> Iterable[Line]:
    for site in sites.sites:
        start = of_district.get(_feeding_district(sites, site))
        if start is not None:
            yield Line(start, of_site[site.id], site.name, site_state(site, sites, conditions), to_site=True)


def _feeding_district(sites: Sites, site: Site) -> str:
    """The district of the switch that a site's NAS hangs on; the site's own where the file does not say."""
    for nas in sites.nases:
        above = sites.device.get(nas.uplink) if nas.site == site.id and nas.uplink else None
        if above is not None and above.kecamatan is not None:
            return above.kecamatan
    return site.kecamatan


def _district_of(sites: Sites, end: LinkEnd | None) -> str:
    device = sites.device.get(end.device) if end else None
    return device.kecamatan or "" if device else ""
