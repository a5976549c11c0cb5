"""The map: everything on it, nothing on top of something else, the same drawing each time."""

from __future__ import annotations

import math
from itertools import combinations

from hotspot.sites import Sites
from hotspot.sites.model import Point
from office.facts import Condition
from office.map import APART, MARGIN, WIDTH, Line, Spot, bend_of, draw, project, spread


def point(lat: float, lon: float) -> Point:
    return Point(lat=lat, lon=lon, accuracy_m=10, source="test")


def test_north_is_up_and_east_is_right() -> None:
    (south_west, north_east), _ = project([point(-7.9, 109.8), point(-7.5, 110.1)])

    assert north_east.y < south_west.y
    assert north_east.x > south_west.x


def test_one_place_alone_can_be_drawn() -> None:
    (spot,), height = project([point(-7.7, 110.0)])

    assert (spot.x, height) == (WIDTH / 2, 2 * MARGIN)


def test_places_in_one_spot_are_pushed_apart_and_always_the_same_way() -> None:
    crowd = [Spot(100, 100)] * 4

    parted = spread(crowd, [Spot(100, 100)], 30)

    assert all(math.dist((a.x, a.y), (b.x, b.y)) > 29 for a, b in combinations((*parted, Spot(100, 100)), 2))
    assert parted == spread(crowd, [Spot(100, 100)], 30)


def test_places_far_from_each_other_stay_where_they_are() -> None:
    spots = (Spot(10, 10), Spot(200, 10))

    assert spread(spots, [Spot(100, 100)], 30) == spots


def test_the_sample_town_is_on_the_map_whole_and_readable(sites: Sites) -> None:
    drawing = draw(sites, {})
    markers = [node.at for node in (*drawing.districts, *drawing.hotspots)]

    assert (len(drawing.districts), len(drawing.hotspots)) == (16, 6)
    assert all(MARGIN / 2 <= m.x <= WIDTH - MARGIN / 2 and MARGIN / 2 <= m.y <= drawing.height for m in markers)
    for hotspot in drawing.hotspots:
        near = [math.dist((hotspot.at.x, hotspot.at.y), (m.x, m.y)) for m in markers if m != hotspot.at]
        assert min(near) > APART - 2, hotspot.name


def test_estimated_points_are_marked_and_surveyed_ones_are_not(sites: Sites) -> None:
    marked = {node.name: node.estimate for node in draw(sites, {}).hotspots}

    assert marked["Museum Tosan Aji"]
    assert not marked["Alun-alun Besar Purworejo"]


def test_a_link_takes_the_state_that_the_monitor_gave_it(sites: Sites) -> None:
    lines = draw(sites, {("link", "bayan"): Condition("down", 0)}).lines

    states = {line.name: line.state for line in lines if not line.to_site}
    assert (states["Bayan"], states["Ngombol"], states["Bener"], states["Loano"]) == (
        "down",
        "planned",
        "building",
        "unknown",
    )


def test_the_last_stretch_starts_at_the_district_of_the_switch_that_feeds_the_site(sites: Sites) -> None:
    drawing = draw(sites, {})
    stretch = next(line for line in drawing.lines if line.name == "Alun-alun Kutoarjo")

    assert stretch.to_site
    assert stretch.a == next(node.at for node in drawing.districts if node.name == "Kutoarjo")


def test_a_link_that_would_cross_another_district_bends_away_from_it() -> None:
    a, b = Spot(0, 0), Spot(100, 0)
    bend = bend_of(a, b, [Spot(50, 5)])

    assert bend != 0
    assert Line(a, b, "x", "up", bend).middle.y < 0
    assert "Q" in Line(a, b, "x", "up", bend).path


def test_a_link_with_a_free_way_is_straight() -> None:
    a, b = Spot(0, 0), Spot(100, 0)

    assert bend_of(a, b, [Spot(50, 40), Spot(0, 1), Spot(100, 1)]) == 0
    assert Line(a, b, "x", "up").path == "M0.0 0.0L100.0 0.0"
