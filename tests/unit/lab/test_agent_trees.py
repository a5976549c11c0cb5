"""What an agent's tree holds, and which traps a change makes a device send."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pysnmp.proto.rfc1902 import Counter32, Counter64, Gauge32, Integer32

from hotspot.sites import Sites
from lab.agents import mikrotik, standard, traps
from lab.agents.rows import counter32, counter64, gauge, integer, oid, ticks
from lab.agents.tree import Tree
from lab.device import DeviceState, state_of
from lab.faults import Faults
from lab.network import network_of

NOW = 1_790_000_000.0
OPTICAL = "1.3.6.1.4.1.14988.1.1.19.1.1"


@pytest.fixture
def faults(sites: Sites) -> Faults:
    network = network_of(sites, 1)
    return Faults(network, NOW, dict.fromkeys(network.nodes, NOW - 3600))


def state(faults: Faults, node: str, at: float = NOW) -> DeviceState:
    return state_of(node, faults, at, lambda _site: 5)


def tree_of(state: DeviceState) -> Tree:
    return Tree([*standard.rows(state, "words", mikrotik.OBJECT_ID), *mikrotik.rows(state)])


def index_of(state: DeviceState, port: str) -> int:
    return next(row.index for row in state.ports if row.port.name == port)


def test_names_follow_each_other_in_the_order_of_their_numbers() -> None:
    tree = Tree([((1, 3, 10), integer(3)), ((1, 3, 9), integer(2)), ((1, 3), integer(1))])

    assert tree.after((1,)) == ((1, 3), integer(1))
    assert tree.after((1, 3)) == ((1, 3, 9), integer(2))
    assert tree.after((1, 3, 9)) == ((1, 3, 10), integer(3))
    assert tree.after((1, 3, 10)) is None
    assert tree.get((1, 3, 9)) == integer(2)
    assert tree.get((1, 3, 8)) is None


def test_version_1_sees_no_64_bit_counters() -> None:
    rows = [((1, 3), counter64(1)), ((1, 4), counter32(2))]

    assert Tree(rows, counter64=False).after((1,)) == ((1, 4), counter32(2))


def test_counters_and_ticks_wrap_as_their_types_do() -> None:
    assert counter32(2**32 + 5) == (Counter32, 5)
    assert counter64(2**64 + 5) == (Counter64, 5)
    assert ticks(2**32 / 100 + 1)[1] == 100
    assert gauge(4.6) == (Gauge32, 5)


def test_an_empty_cage_answers_zero_everywhere_and_has_no_maker(faults: Faults) -> None:
    seen = state(faults, "core-purworejo")
    tree, index = tree_of(seen), index_of(seen, "sfp2")

    values = [tree.get(oid(f"{OPTICAL}.{column}.{index}")) for column in range(3, 11)]

    assert [value[1] for value in values if value] == [0] * 8


def test_a_dark_fibre_has_rx_loss_and_no_rx_power(faults: Faults) -> None:
    faults.cut("bruno", NOW)
    seen = state(faults, "sw-bruno", NOW + 1)
    tree, index = tree_of(seen), index_of(seen, "sfp1")

    assert tree.get(oid(f"{OPTICAL}.3.{index}")) == (Integer32, 1)
    assert tree.get(oid(f"{OPTICAL}.10.{index}")) is None
    assert tree.get(oid(f"{OPTICAL}.7.{index}")) == (Gauge32, 3300)


def test_radios_tell_their_clients_and_have_no_optics(faults: Faults) -> None:
    seen = state(faults, "ap-museum-tosan-aji-1")
    tree = tree_of(seen)
    counts = [tree.get(oid(f"1.3.6.1.4.1.14988.1.1.1.3.1.6.{index_of(seen, name)}")) for name in ("wlan1", "wlan2")]

    assert counts == [counter32(3), counter32(2)]
    assert tree.after(oid(OPTICAL)) is None


def test_a_port_that_goes_down_and_comes_back_makes_two_traps(faults: Faults) -> None:
    before = state(faults, "core-kutoarjo")
    faults.cut("bruno", NOW)
    during = state(faults, "core-kutoarjo", NOW + 1)
    faults.mend("bruno", NOW + 2)
    after = state(faults, "core-kutoarjo", NOW + 3)

    said = [*traps.traps_between(before, during), *traps.traps_between(during, after)]

    assert [(trap.word, trap.subject) for trap in said] == [("linkDown", "sfp6"), ("linkUp", "sfp6")]
    assert dict(said[0].rows)[oid(f"1.3.6.1.2.1.2.2.1.8.{index_of(during, 'sfp6')}")] == integer(2)


def test_a_device_that_started_again_says_so_and_nothing_about_its_ports(faults: Faults) -> None:
    before = state(faults, "core-kutoarjo")
    faults.cut("bruno", NOW)
    faults.reboot("core-kutoarjo", NOW, 5)

    assert [trap.word for trap in traps.traps_between(before, state(faults, "core-kutoarjo", NOW + 9))] == ["coldStart"]


def test_a_device_that_saw_no_change_is_silent(faults: Faults) -> None:
    before = state(faults, "sw-loano")

    assert list(traps.traps_between(before, replace(before, at=NOW + 60))) == []
