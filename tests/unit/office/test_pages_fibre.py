"""The fibre page's decisions: the tree, the roll-out, the trend of light, between whom a cut lies."""

from __future__ import annotations

from hotspot.sites import Sites
from hotspot.sites.joint import Joint
from office.facts import Condition, Incident
from office.fibre import Branch, Light, Outlook, Readings, cuts, hint, roll_out, trees
from office.town import DOWN, SHADOW, UP

TRUNK = ("link", "purworejo-kutoarjo-trunk")
CORE, FAR = ("device", "core-purworejo"), ("device", "core-kutoarjo")


def incident(root: tuple[str, str], cause: str = "link-down", closed_at: int | None = None) -> Incident:
    return Incident(1, cause, root, 0, 100, closed_at, (FAR, ("device", "sw-bruno")))


def names(branch: Branch) -> set[str]:
    return {branch.name}.union(*(names(one) for one in branch.below))


def test_the_tree_hangs_on_the_root_and_holds_each_active_device_once(sites: Sites) -> None:
    (root,) = trees(sites, Readings({}, {}))
    linked = {link.b.device for link in sites.links if link.status == "active" and link.b}

    assert root.name == "core-purworejo"
    assert names(root) == {"core-purworejo"} | linked


def test_a_ring_is_walked_once(sites: Sites) -> None:
    trunk = sites.link["purworejo-kutoarjo-trunk"]
    back = trunk.model_copy(update={"id": "back", "a": trunk.b, "b": trunk.a})
    ring = sites.model_copy(update={"links": (*sites.links, back)})

    assert len(trees(ring, Readings({}, {}))) == 1


def test_light_stands_at_the_port_that_receives_it(sites: Sites) -> None:
    light = Light((-18.0, -18.4), -18.6)
    (root,) = trees(sites, Readings({}, {("core-kutoarjo", "sfp1"): light}))

    assert next(one.light for one in root.below if one.name == "core-kutoarjo") == light


def test_three_decibels_less_in_the_time_shown_is_a_fall() -> None:
    assert Light((-18.0, -19.0, -21.0), -21.2).falls
    assert not Light((-18.0, -19.0, -20.9), -21.2).falls
    assert Light((-18.0,), -18.0).change == 0


def test_a_steady_light_is_drawn_flat() -> None:
    heights = {point.split(",")[1] for point in Light((-18.0, -18.0, -18.0), -18.0).path.split()}

    assert len(heights) == 1


def test_the_roll_out_names_every_district_once_and_active_ones_first(sites: Sites) -> None:
    steps = roll_out(sites, {("link", "grabag"): Condition(UP, 0)})

    assert len(steps) == len(sites.kecamatan) == 16
    words = [step.state for step in steps]
    assert words == sorted(words, key=lambda word: {"building": 1, "planned": 2}.get(word, 0))
    assert (words.count("building"), words.count("planned")) == (3, 3)


def test_a_cut_lies_between_the_last_that_lives_and_the_first_that_does_not(sites: Sites) -> None:
    conditions = {CORE: Condition(UP, 0), FAR: Condition(SHADOW, 0), TRUNK: Condition(DOWN, 0)}
    (cut,) = cuts(sites, conditions, [incident(TRUNK)])

    assert (cut.last_alive, cut.first_dead, cut.km, cut.dark) == ("core-purworejo", "core-kutoarjo", 13.2, 2)


def test_dead_equipment_is_the_first_dead_itself_and_no_length_is_claimed(sites: Sites) -> None:
    (cut,) = cuts(sites, {CORE: Condition(UP, 0)}, [incident(FAR, "device-down")])

    assert (cut.last_alive, cut.first_dead, cut.km) == ("core-purworejo", "core-kutoarjo", None)


def test_no_last_alive_is_claimed_when_nothing_is_known_of_it(sites: Sites) -> None:
    assert cuts(sites, {}, [incident(TRUNK)])[0].last_alive is None


def test_what_is_over_weak_or_no_link_is_no_cut(sites: Sites) -> None:
    over, weak = incident(TRUNK, closed_at=200), incident(TRUNK, "optics-weak")
    elsewhere = incident(("site", "romansa-kuliner"), "rogue-dhcp")

    assert cuts(sites, {}, [over, weak, elsewhere]) == ()


def test_what_the_monitor_makes_of_a_light_stands_at_the_device_that_receives_it(sites: Sites) -> None:
    falls = Outlook(2.4, 31, (1_790_000_000, -1.2))
    (root,) = trees(
        sites, Readings({}, {}, {(TRUNK[1], "core-kutoarjo"): falls, (TRUNK[1], "core-purworejo"): Outlook(0)})
    )

    assert next(one.outlook for one in root.below if one.name == "core-kutoarjo") == falls


def test_a_measured_distance_is_told_by_the_joints_of_the_line_and_only_on_it(sites: Sites) -> None:
    trunk = sites.link[TRUNK[1]]
    built = trunk.model_copy(update={"splices": (Joint(name="ODP-1", km=4.2), Joint(name="ODP-2", km=9.8))})
    found, plain = hint(built, 6.0), hint(trunk.model_copy(update={"splices": ()}), 6.0)

    assert found
    assert plain
    assert (found.between, found.from_km, found.to_km) == (("ODP-1", "ODP-2"), 4.2, 9.8)
    assert plain.between == ("core-purworejo", "core-kutoarjo")
    assert hint(built, 13.3) is None
    assert hint(trunk.model_copy(update={"length_km": None}), 1.0) is None
