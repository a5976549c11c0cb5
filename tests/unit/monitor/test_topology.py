"""One decision for all: the nearest dead thing is the cause, everything behind it is in its shadow."""

from __future__ import annotations

from dataclasses import replace

from hotspot.sites import Sites
from monitor import decision as deciding
from monitor import topology
from monitor.cause import BLIND, Cause, Decision
from monitor.gathering import NEWS, gathered
from monitor.health import State, Verdict
from monitor.topology import Edge, Tree

UP, DOWN, UNKNOWN = Verdict(State.UP, ""), Verdict(State.DOWN, "silent"), Verdict(State.UNKNOWN, "")
DOUBT = Verdict(State.UP, "one miss", doubtful=True)
TRUNK = Cause("link-down", "link", "trunk")


def town() -> Tree:
    """Core - trunk - west - gw - ap, and core - east beside it."""
    kinds = {"core": "device", "west": "device", "east": "device", "gw": "nas", "ap": "device"}
    edges = (
        Edge("core", "west", "trunk"),
        Edge("core", "east", "short"),
        Edge("west", "gw"),
        Edge("gw", "ap"),
    )
    return Tree(kinds, frozenset({"core"}), edges)


def decide(
    nodes: dict[str, Verdict] | None = None, links: dict[str, Verdict] | None = None, tree: Tree | None = None
) -> Decision:
    tree = tree or town()
    everything = dict.fromkeys(tree.kinds, UP) | (nodes or {})
    return deciding.decide(tree, everything, dict.fromkeys(tree.links, UP) | (links or {}))


def state(decision: Decision, kind: str, name: str) -> str:
    return str(decision.states[kind, name].state)


def test_when_all_is_well_there_is_no_cause() -> None:
    decision = decide()

    assert decision.darkened == {}
    assert {str(verdict.state) for verdict in decision.states.values()} == {"up"}


def test_a_cut_link_is_one_cause_and_everything_behind_it_a_shadow() -> None:
    decision = decide({"west": DOWN, "gw": DOWN, "ap": DOWN}, {"trunk": DOWN})

    assert decision.darkened == {TRUNK: {("device", "west"), ("nas", "gw"), ("device", "ap")}}
    assert [state(decision, *s) for s in (("link", "trunk"), ("device", "west"), ("nas", "gw"))] == [
        "down",
        "shadow",
        "shadow",
    ]
    assert state(decision, "device", "east") == "up"


def test_those_behind_a_cut_that_have_not_noticed_yet_are_in_its_shadow_already() -> None:
    decision = decide({"west": DOUBT}, {"trunk": DOWN})

    assert decision.darkened == {TRUNK: {("device", "west"), ("nas", "gw"), ("device", "ap")}}
    assert decision.beyond == {TRUNK: {"west", "gw", "ap"}}


def test_a_device_that_dies_alone_is_the_cause() -> None:
    decision = decide({"ap": DOWN})

    assert decision.darkened == {Cause("device-down", "device", "ap"): set()}


def test_a_dead_switch_darkens_what_hangs_on_it() -> None:
    decision = decide({"west": DOWN, "gw": DOWN, "ap": DOWN}, {"trunk": UP})

    assert decision.darkened == {Cause("device-down", "device", "west"): {("nas", "gw"), ("device", "ap")}}


def test_a_dead_nas_is_named_as_one() -> None:
    assert set(decide({"gw": DOWN, "ap": DOWN}).darkened) == {Cause("nas-down", "nas", "gw")}


def test_when_nothing_answers_the_monitor_is_blind_and_nobody_is_called_down() -> None:
    everything = dict.fromkeys(town().kinds, DOWN)
    decision = decide(everything, {"trunk": UNKNOWN, "short": UNKNOWN})

    assert decision.darkened == {BLIND: set()}
    assert decision.is_blind
    assert {str(v.state) for subject, v in decision.states.items() if subject[0] != "monitor"} == {"unknown"}


def test_a_root_that_is_silent_while_something_behind_it_answers_is_the_cause_itself() -> None:
    decision = decide({"core": replace(DOWN, at=100.0), "east": replace(UP, at=101.0)})

    assert set(decision.darkened) == {Cause("device-down", "device", "core")}


def test_one_that_was_blind_stays_so_until_anything_answers() -> None:
    everything = dict.fromkeys(town().kinds, replace(UNKNOWN, doubtful=True))
    tree = town()

    assert deciding.decide(tree, everything, {}, blind_since=100.0).is_blind
    everything["ap"] = replace(UP, at=160.0)
    assert not deciding.decide(tree, everything, {}, blind_since=100.0).is_blind


def test_a_child_waits_while_something_above_it_is_in_doubt() -> None:
    decision = decide({"core": DOUBT, "ap": DOWN})

    assert decision.darkened == {}
    assert decision.waiting == {("device", "ap")}
    assert ("device", "ap") not in decision.states


def test_a_node_that_answers_after_the_cut_is_up_whatever_the_tree_says() -> None:
    """The declared tree may be wrong, or there is a way that nobody declared."""
    after, before = replace(UP, at=101.0), replace(UP, at=99.0)
    seen = {"core": after, "east": after, "west": after, "gw": after, "ap": before}
    decision = decide(seen, {"trunk": replace(DOWN, at=100.0), "short": after})

    assert decision.darkened == {TRUNK: {("device", "ap")}}
    assert state(decision, "device", "west") == "up"


def test_what_hangs_on_a_child_that_waits_waits_with_it() -> None:
    decision = decide({"core": DOUBT, "gw": DOWN, "ap": DOWN})

    assert decision.waiting == {("nas", "gw"), ("device", "ap")}


def test_what_nothing_polls_is_in_the_shadow_too_when_the_way_to_it_is_down() -> None:
    decision = decide({"west": DOWN, "gw": UNKNOWN, "ap": DOWN}, {"trunk": DOWN})

    assert ("nas", "gw") in decision.darkened[TRUNK]


def test_one_side_of_a_ring_down_is_a_cause_without_a_shadow() -> None:
    ring = Tree(town().kinds, frozenset({"core"}), (*town().edges, Edge("east", "west", "ring")))
    decision = decide({}, {"trunk": DOWN, "ring": UP}, ring)

    assert decision.darkened == {TRUNK: set()}


def ring() -> Tree:
    """Core - west - middle - east - core, with a gateway at the middle."""
    kinds = {**dict.fromkeys(("core", "west", "middle", "east"), "device"), "gw": "nas"}
    edges = (
        Edge("core", "west", "trunk"),
        Edge("west", "middle", "left"),
        Edge("east", "middle", "right"),
        Edge("core", "east", "short"),
        Edge("middle", "gw"),
    )
    return Tree(kinds, frozenset({"core"}), edges)


ASKED = dict.fromkeys(("core", "west", "east"), replace(UP, at=110.0))  # since the middle fell silent


def test_a_ring_carries_both_ways_whichever_end_was_declared_as_the_nearer() -> None:
    decision = decide({}, {"short": DOWN}, ring())

    assert decision.darkened == {Cause("link-down", "link", "short"): set()}
    assert ring().reached((), {"short"}) == set(ring().kinds)
    assert ring().ancestors("east") == {"core", "west", "middle"}
    assert ring().ancestors("gw") == {"core", "west", "east", "middle"}


def test_both_sides_of_a_ring_cut_are_two_causes_and_what_is_between_is_in_a_shadow() -> None:
    lost = dict.fromkeys(("west", "middle", "gw"), DOWN) | dict.fromkeys(("core", "east"), replace(UP, at=400.0))
    links = {"trunk": replace(DOWN, at=100.0), "left": UNKNOWN, "right": replace(DOWN, at=300.0)}
    decision = decide(lost, links, ring())

    assert set(decision.darkened) == {Cause("link-down", "link", "trunk"), Cause("link-down", "link", "right")}
    dark = {member for members in decision.darkened.values() for member in members}
    assert dark == {("device", "west"), ("device", "middle"), ("nas", "gw"), ("link", "left")}


def test_a_section_of_a_ring_that_goes_dark_from_both_sides_at_once_is_one_cause() -> None:
    lost = dict.fromkeys(("west", "middle", "gw"), replace(DOWN, at=110.0, answered_at=70.0))
    lost |= dict.fromkeys(("core", "east"), replace(UP, at=200.0))
    links = {"trunk": replace(DOWN, at=100.0), "left": UNKNOWN, "right": replace(DOWN, at=140.0)}
    decision = decide(lost, links, ring())

    section = Cause("section-dark", "section", "middle")
    west, middle, gw = ("device", "west"), ("device", "middle"), ("nas", "gw")
    assert decision.darkened == {section: {west, middle, gw, *(("link", x) for x in ("trunk", "left", "right"))}}
    assert decision.beyond == {section: {"west", "middle", "gw"}}
    assert {str(decision.states["link", link].state) for link in links} == {"shadow"}
    assert set(gathered(decision)) == decision.darkened[section]


def test_a_doubt_about_a_cable_between_two_dead_ends_is_waited_for_by_nobody() -> None:
    lost = dict.fromkeys(("west", "middle", "gw"), replace(DOWN, at=110.0, answered_at=70.0))
    lost |= dict.fromkeys(("core", "east"), replace(UP, at=200.0))
    links = {"trunk": replace(DOWN, at=100.0), "left": replace(DOUBT, at=100.0), "right": replace(DOWN, at=140.0)}
    decision = decide(lost, links, ring())

    assert set(decision.darkened) == {Cause("section-dark", "section", "middle")}
    assert decision.waiting == set()


def test_a_cut_with_silence_behind_it_waits_until_the_other_way_round_was_looked_at() -> None:
    well = dict.fromkeys(("core", "east"), replace(UP, at=200.0))
    west = {"west": replace(DOWN, at=110.0, answered_at=70.0)}
    unasked, silent = replace(UP, at=70.0), replace(DOWN, at=110.0, answered_at=70.0)
    trunk, before, dark = replace(DOWN, at=100.0, answered_at=140.0), replace(UP, at=90.0), replace(DOUBT, at=100.0)

    def waits(middle: Verdict, right: Verdict, trunk: Verdict = trunk) -> bool:
        links = {"trunk": trunk, "left": UNKNOWN, "right": right}
        decision = decide(well | west | dict.fromkeys(("middle", "gw"), middle), links, ring())
        return ("link", "trunk") in decision.waiting

    assert waits(unasked, before), "neither what lies behind nor the other way was looked at since"
    assert waits(silent, dark), "the other way is dark too, and not for long enough yet"
    assert not waits(unasked, replace(UP, at=120.0)), "the other way was looked at, and is up"
    assert not waits(unasked, before, replace(trunk, answered_at=101.0 + NEWS)), "that is enough waiting"


def test_a_device_of_which_all_links_go_dark_as_it_falls_silent_is_the_cause_of_both() -> None:
    gone = Verdict(State.DOWN, "silent", at=100.0, answered_at=90.0)
    decision = decide(
        ASKED | {"middle": gone, "gw": gone},
        {"left": replace(DOWN, at=95.0), "right": replace(DOWN, at=99.0)},
        ring(),
    )

    assert set(decision.darkened) == {Cause("device-down", "device", "middle")}
    assert decision.states["link", "left"].state is State.SHADOW


def test_a_device_whose_one_link_was_dark_while_it_still_answered_lost_its_other_link() -> None:
    gone = Verdict(State.DOWN, "silent", at=100.0, answered_at=90.0)
    links = {"left": Verdict(State.DOWN, "dark", at=4.0), "right": replace(DOWN, at=99.0)}
    decision = decide(ASKED | {"middle": gone, "gw": gone}, links, ring())

    assert set(decision.darkened) == {Cause("link-down", "link", "left"), Cause("link-down", "link", "right")}


def test_a_dark_link_waits_while_its_end_with_other_links_has_just_missed() -> None:
    doubt = replace(DOUBT, answered_at=90.0)
    links = {"left": replace(DOWN, at=95.0), "right": replace(UP, at=92.0)}
    decision = decide({"middle": doubt}, links, ring())

    assert decision.darkened == {}
    assert ("link", "left") in decision.waiting


def test_what_is_silent_behind_a_flapping_link_is_in_its_shadow() -> None:
    flapping = Verdict(State.WEAK, "it comes and goes", unsteady=True)
    decision = decide({"gw": DOWN, "ap": DOWN}, {"trunk": flapping})

    assert decision.darkened == {Cause("link-flapping", "link", "trunk"): {("nas", "gw"), ("device", "ap")}}
    assert state(decision, "device", "west") == "up"


def test_neighbours_that_fall_silent_together_have_lost_their_power() -> None:
    square, other = (("site", "square"), ("district", "1")), (("site", "hall"), ("district", "1"))
    tree = replace(town(), places={"gw": square, "east": square, "ap": square, "west": other})
    together = {"gw": replace(DOWN, at=100.0), "ap": replace(DOWN, at=101.0), "east": replace(DOWN, at=130.0)}
    decision = decide({**dict.fromkeys(tree.kinds, replace(UP, at=140.0)), **together}, tree=tree)

    power = Cause("power-cut", "site", "square")
    assert decision.darkened == {power: {("nas", "gw"), ("device", "ap"), ("device", "east")}}
    assert decision.beyond == {power: {"gw", "ap", "east"}}
    apart = together | {"east": replace(DOWN, at=400.0)}
    decision = decide({**dict.fromkeys(tree.kinds, replace(UP, at=440.0)), **apart}, tree=tree)
    assert set(decision.darkened) == {Cause("nas-down", "nas", "gw"), Cause("device-down", "device", "east")}


def test_two_sites_of_a_district_that_each_lost_several_neighbours_are_two_power_cuts() -> None:
    square, hall = (("site", "square"), ("district", "1")), (("site", "hall"), ("district", "1"))
    kinds = dict.fromkeys(("core", "a1", "a2", "b1", "b2"), "device")
    edges = tuple(Edge("core", node) for node in ("a1", "a2", "b1", "b2"))
    tree = Tree(kinds, frozenset({"core"}), edges, {"a1": square, "a2": square, "b1": hall, "b2": hall})
    dark = {node: replace(DOWN, at=100.0 + place) for place, node in enumerate(("a1", "b1", "a2", "b2"))}
    nodes = {"core": replace(UP, at=200.0), **dark}

    assert set(decide(nodes, tree=tree).darkened) == {
        Cause("power-cut", "site", "square"),
        Cause("power-cut", "site", "hall"),
    }
    lone = nodes | {"b2": replace(UP, at=200.0)}
    assert set(decide(lone, tree=tree).darkened) == {Cause("power-cut", "district", "1")}


def test_one_waits_for_those_beside_it_that_were_not_asked_since() -> None:
    square = (("site", "square"),)
    tree = replace(town(), places={"gw": square, "east": square})
    decision = decide(
        {"gw": replace(DOWN, at=100.0), "west": replace(UP, at=120.0), "core": replace(UP, at=120.0)}, tree=tree
    )

    assert decision.darkened == {}
    assert ("nas", "gw") in decision.waiting


def test_a_fading_link_is_a_cause_that_darkens_nothing() -> None:
    decision = decide({}, {"trunk": Verdict(State.WEAK, "core receives -21.0 dBm")})

    assert decision.darkened == {Cause("optics-weak", "link", "trunk"): set()}


def test_two_faults_at_once_are_two_causes_each_with_its_own_shadow() -> None:
    decision = decide({"west": DOWN, "gw": DOWN, "ap": DOWN, "east": DOWN}, {"trunk": DOWN})

    assert set(decision.darkened) == {TRUNK, Cause("device-down", "device", "east")}


def test_the_sample_town_hangs_together_over_active_links_only(sites: Sites) -> None:
    tree = topology.tree(sites)

    assert tree.roots == {"core-purworejo"}
    assert tree.ancestors("ap-alun-alun-kutoarjo-1") == {
        "gw-alun-alun-kutoarjo",
        "sw-kutoarjo",
        "core-kutoarjo",
        "core-purworejo",
    }
    assert set(tree.links) == {link.id for link in sites.links if link.status == "active"}
