"""What a fault darkens, for how long, and which faults make no sense."""

from __future__ import annotations

import pytest

from hotspot.sites import Sites
from hotspot.sites.model import LinkEnd
from lab.acts import apply, read_act, read_script
from lab.device import DeviceState, PortState, state_of
from lab.faults import FaultRefused, Faults, merged
from lab.network import network_of

NOW = 1_790_000_000.0
HOUR = 3600.0


def faults_of(sites: Sites, seed: int = 1) -> Faults:
    network = network_of(sites, seed)
    return Faults(network, NOW, dict.fromkeys(network.nodes, NOW - 10 * HOUR))


@pytest.fixture
def faults(sites: Sites) -> Faults:
    return faults_of(sites)


def nobody(_site: str) -> int:
    return 0


def seen(faults: Faults, node: str, at: float) -> DeviceState:
    return state_of(node, faults, at, nobody)


def port(faults: Faults, node: str, name: str, at: float) -> PortState:
    return next(state for state in seen(faults, node, at).ports if state.port.name == name)


def test_a_cut_takes_both_ends_down_and_darkens_all_that_lies_beyond(faults: Faults) -> None:
    faults.cut("purworejo-kutoarjo-trunk", NOW)

    beyond = {name for name in faults.network.nodes if not faults.reaches(name, NOW + 1)}
    assert {"core-kutoarjo", "sw-bruno", "gw-pendopo-wabup", "ap-alun-alun-kutoarjo-3"} <= beyond
    assert not {"core-purworejo", "sw-loano", "gw-museum-tosan-aji"} & beyond
    assert not port(faults, "core-purworejo", "sfp1", NOW + 1).up
    assert not port(faults, "core-kutoarjo", "sfp1", NOW + 1).up
    assert port(faults, "core-kutoarjo", "sfp6", NOW + 1).up  # its own links are whole


def test_a_device_with_two_ways_to_the_root_is_dark_only_without_both(sites: Sites) -> None:
    second = LinkEnd(device="core-purworejo", port="sfp20"), LinkEnd(device="sw-bruno", port="sfp2")
    ring = sites.link["bruno"].model_copy(update={"id": "bruno-north", "a": second[0], "b": second[1]})
    faults = faults_of(sites.model_copy(update={"links": (*sites.links, ring)}))

    faults.cut("bruno", NOW)
    assert faults.reaches("sw-bruno", NOW)
    faults.cut("bruno-north", NOW)
    assert not faults.reaches("sw-bruno", NOW)


def test_no_light_arrives_through_a_cut_fibre_and_both_modules_still_send(faults: Faults) -> None:
    faults.cut("bruno", NOW)

    for node, name in (("core-kutoarjo", "sfp6"), ("sw-bruno", "sfp1")):
        light = port(faults, node, name, NOW + 1).optics
        assert light is not None
        assert light.received is None
        assert -3 <= light.sent <= -1


def test_a_mended_link_is_as_it_was_but_remembers_the_change(faults: Faults) -> None:
    faults.cut("bruno", NOW)
    faults.mend("bruno", NOW + 60)

    state = port(faults, "sw-bruno", "sfp1", NOW + 100)
    assert state.up
    assert faults.reaches("sw-bruno", NOW + 100)
    assert state.came_down == 1
    assert state.changed == 10 * HOUR + 60


def test_counters_stand_still_during_a_cut_and_never_fall(faults: Faults) -> None:
    faults.cut("bruno", NOW)
    faults.mend("bruno", NOW + HOUR)
    moments = [NOW - HOUR, NOW, NOW + 1, NOW + HOUR, NOW + 2 * HOUR]

    counts = [port(faults, "sw-bruno", "sfp1", at).received for at in moments]

    assert counts[0] < counts[1] == counts[2] == counts[3] < counts[4]


def test_what_one_end_of_a_link_sends_the_other_receives(faults: Faults) -> None:
    upper, lower = port(faults, "core-kutoarjo", "sfp6", NOW), port(faults, "sw-bruno", "sfp1", NOW)

    assert (upper.sent, upper.received) == (lower.received, lower.sent)
    assert upper.sent > upper.received > 0


def test_a_longer_fibre_delivers_less_light(faults: Faults) -> None:
    short, long = (port(faults, f"sw-{name}", "sfp1", NOW).optics for name in ("kutoarjo", "bruno"))

    assert short is not None
    assert long is not None
    assert short.received is not None
    assert long.received is not None
    assert short.received - long.received > 5


def test_a_fade_is_seen_to_the_decibel_at_both_ends(faults: Faults) -> None:
    before = [port(faults, node, name, NOW).optics for node, name in (("core-kutoarjo", "sfp6"), ("sw-bruno", "sfp1"))]
    faults.fade("bruno", 3, NOW)
    after = [port(faults, node, name, NOW).optics for node, name in (("core-kutoarjo", "sfp6"), ("sw-bruno", "sfp1"))]

    for one, other in zip(before, after, strict=True):
        assert one is not None
        assert other is not None
        assert one.received is not None
        assert other.received == pytest.approx(one.received - 3)
    assert port(faults, "sw-bruno", "sfp1", NOW).up


def test_too_much_fading_takes_the_link_down_though_some_light_arrives(faults: Faults) -> None:
    faults.fade("bruno", 25, NOW)

    state = port(faults, "core-kutoarjo", "sfp6", NOW + 1)
    assert not state.up
    assert state.optics is not None
    assert state.optics.received is not None
    assert not faults.reaches("sw-bruno", NOW + 1)


def test_a_reboot_darkens_for_its_time_and_begins_the_counters_anew(faults: Faults) -> None:
    faults.reboot("core-kutoarjo", NOW, 30)

    assert not faults.reaches("sw-bruno", NOW + 29)
    assert faults.reaches("sw-bruno", NOW + 30)
    again = seen(faults, "core-kutoarjo", NOW + 40)
    assert again.uptime == 10
    assert all(state.received < 10**9 for state in again.ports)
    assert seen(faults, "sw-bruno", NOW + 40).uptime == 10 * HOUR + 40


def test_a_renumbering_reboot_gives_every_port_another_index(faults: Faults) -> None:
    before = {state.port.name: state.index for state in seen(faults, "core-kutoarjo", NOW).ports}
    faults.reboot("core-kutoarjo", NOW, 0, renumber=True)
    after = {state.port.name: state.index for state in seen(faults, "core-kutoarjo", NOW).ports}

    assert sorted(before.values()) == sorted(after.values())
    assert all(after[name] != index for name, index in before.items())


def test_a_killed_device_takes_its_neighbours_port_down_until_it_is_revived(faults: Faults) -> None:
    faults.kill("sw-bruno", NOW)
    assert not port(faults, "core-kutoarjo", "sfp6", NOW + 1).up
    faults.revive("sw-bruno", NOW + 60)

    assert port(faults, "core-kutoarjo", "sfp6", NOW + 61).up
    assert seen(faults, "sw-bruno", NOW + 61).uptime == 1


def test_the_cage_of_a_link_that_is_being_built_is_empty(faults: Faults) -> None:
    state = port(faults, "core-purworejo", "sfp2", NOW)

    assert (state.cage, state.optics, state.up, state.enabled) == (True, None, False, True)
    assert state.alias == "purwodadi (building)"
    assert not port(faults, "core-purworejo", "sfp13", NOW).enabled  # planned


def test_a_sites_phones_are_shared_out_over_its_living_access_points(faults: Faults) -> None:
    def clients(node: str) -> list[int]:
        return [s.clients for s in state_of(node, faults, NOW + 1, lambda _site: 13).ports if s.port.ssid]

    aps = [f"ap-romansa-kuliner-{n}" for n in (1, 2, 3)]
    assert sum(sum(clients(ap)) for ap in aps) == 13
    faults.kill(aps[0], NOW)
    assert [sum(clients(ap)) for ap in aps] == [0, 7, 6]


def test_the_same_seed_gives_the_same_town_and_another_seed_another(sites: Sites) -> None:
    one, same, other = (faults_of(sites, seed) for seed in (7, 7, 8))
    nodes = list(one.network.nodes)

    assert [seen(one, node, NOW) for node in nodes] == [seen(same, node, NOW) for node in nodes]
    assert port(one, "sw-bruno", "sfp1", NOW).optics != port(other, "sw-bruno", "sfp1", NOW).optics
    assert port(one, "sw-bruno", "sfp1", NOW).received != port(other, "sw-bruno", "sfp1", NOW).received


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("cut bruno", "bruno is cut already"),
        ("mend loano", "loano is neither cut nor faded"),
        ("cut bagelen", "bagelen is building, not active"),
        ("cut nowhere", "there is no link nowhere"),
        ("kill nowhere", "there is no device or NAS nowhere"),
        ("revive sw-loano", "sw-loano is running"),
        ("fade gw-museum-tosan-aji 3", "is not a fibre"),
        ("fade loano 0", "not between 0 and 60 dB"),
    ],
)
def test_a_fault_that_makes_no_sense_says_why_and_changes_nothing(faults: Faults, line: str, why: str) -> None:
    faults.cut("bruno", NOW)
    changes = faults.changes

    with pytest.raises(FaultRefused, match=why):
        apply(read_act(line.split()), faults, NOW + 1)
    assert faults.changes == changes


@pytest.mark.parametrize("line", ["", "cut", "cut a b", "fade bruno", "fade bruno much", "reboot a 1 2", "explode a"])
def test_a_fault_that_is_written_wrong_is_refused(line: str) -> None:
    with pytest.raises(FaultRefused):
        read_act(line.split())


def test_a_script_says_what_breaks_when_and_a_wrong_line_by_its_number() -> None:
    script = list(read_script("# a bad day\n10m cut bruno\n\n2h reboot core-kutoarjo 5 renumber  # at last\n"))

    assert [(delay, act.word, act.on, act.amount, act.renumber) for delay, act in script] == [
        (600, "cut", "bruno", 20, False),
        (7200, "reboot", "core-kutoarjo", 5, True),
    ]
    with pytest.raises(FaultRefused, match="line 2: soon is not a duration"):
        list(read_script("1s cut a\nsoon cut b"))


def test_what_is_broken_now_is_told_in_the_words_of_the_commands(faults: Faults) -> None:
    for line in ("cut bruno", "fade loano 2.5", "kill ap-museum-tosan-aji-1", "cut gebang", "mend gebang"):
        apply(read_act(line.split()), faults, NOW)

    assert faults.active(NOW) == ["cut bruno", "kill ap-museum-tosan-aji-1", "fade loano 2.5"]


def test_spans_that_touch_become_one_and_empty_ones_vanish() -> None:
    assert merged([(5, 6), (1, 2), (2, 3), (4, 4), (5.5, 9)]) == [(1, 3), (5, 9)]
