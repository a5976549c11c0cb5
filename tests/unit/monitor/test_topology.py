"""One decision for all: the nearest dead thing is the cause, everything behind it is in its shadow."""

from __future__ import annotations

from dataclasses import replace

from hotspot.sites import Sites
from monitor import topology
from monitor.health import State, Verdict
from monitor.topology import Cause, Decision, Edge, Tree

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
    return topology.decide(tree, everything, dict.fromkeys(tree.links, UP) | (links or {}))


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


def test_a_dead_root_darkens_all_devices_and_links() -> None:
    everything = dict.fromkeys(town().kinds, DOWN)
    decision = decide(everything, {"trunk": UNKNOWN, "short": UNKNOWN})

    assert set(decision.darkened) == {Cause("device-down", "device", "core")}
    assert len(decision.darkened[Cause("device-down", "device", "core")]) == 6


def test_a_child_waits_while_something_above_it_is_in_doubt() -> None:
    decision = decide({"core": DOUBT, "ap": DOWN})

    assert decision.darkened == {}
    assert decision.waiting == {("device", "ap")}
    assert ("device", "ap") not in decision.states


def test_a_node_that_answers_after_the_cut_is_up_whatever_the_tree_says() -> None:
    """The declared tree may be wrong, or there is a way that nobody declared."""
    after, before = replace(UP, at=101.0), replace(UP, at=99.0)
    decision = decide({"west": after, "gw": after, "ap": before}, {"trunk": replace(DOWN, at=100.0)})

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


def test_both_sides_of_a_ring_down_put_what_is_between_in_one_shadow() -> None:
    ring = Tree(town().kinds, frozenset({"core"}), (*town().edges, Edge("east", "west", "ring")))
    decision = decide({"west": DOWN, "gw": DOWN, "ap": DOWN}, {"trunk": DOWN, "ring": DOWN}, ring)

    shadows = [members for members in decision.darkened.values() if members]
    assert shadows == [{("device", "west"), ("nas", "gw"), ("device", "ap")}]


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
