"""The devices of the town as Debian's SNMP tools see them, whole and broken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from lab.truth import read
from tests.integration.lab.conftest import BEGAN, SECRETS, Rig
from tests.peers.netsnmp import NoAnswer, ask, trap_receiver
from tests.peers.process import wait_until

COMMUNITY = SECRETS["HOTSPOT_SNMP_COMMUNITY"]
V1, V2C = ["-v1", "-c", COMMUNITY], ["-v2c", "-c", COMMUNITY]
KEYS = (SECRETS["HOTSPOT_SNMP_MONITOR_AUTH"], SECRETS["HOTSPOT_SNMP_MONITOR_PRIV"])
V3 = ["-v3", "-u", "monitor", "-l", "authPriv", "-a", "SHA-256", "-A", KEYS[0], "-x", "AES", "-X", KEYS[1]]
UPTIME, NAME = "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0"
OPER, HC_IN, IF_NAME = "1.3.6.1.2.1.2.2.1.8", "1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.31.1.1.1.1"
CLIENTS = "1.3.6.1.4.1.14988.1.1.1.3.1.6"
RX_POWER = "1.3.6.1.4.1.14988.1.1.19.1.1.10"


def where(rig: Rig, node: str) -> str:
    found = rig.sites.device.get(node) or rig.sites.nas[node]
    assert found.snmp is not None
    return f"{found.address}:{found.snmp.port}"


def get(rig: Rig, node: str, name: str, options: Sequence[str] = V2C) -> str:
    return ask("snmpget", options, where(rig, node), name)[name]


def column(rig: Rig, node: str, entry: str, options: Sequence[str] = V2C) -> dict[str, str]:
    """A table's column by the name of its port."""
    names = ask("snmpbulkwalk", options, where(rig, node), IF_NAME)
    values = ask("snmpbulkwalk", options, where(rig, node), entry)
    by_index = {name.rpartition(".")[2]: port for name, port in names.items()}
    return {by_index[name.rpartition(".")[2]]: value for name, value in values.items() if name.startswith(entry)}


def is_silent(rig: Rig, node: str, options: Sequence[str] = V2C) -> bool:
    try:
        get(rig, node, UPTIME, [*options, "-r", "0"])
    except NoAnswer as answer:
        return "Timeout" in str(answer)
    return False


def test_every_device_and_nas_with_snmp_answers_by_its_own_name_and_version(rig: Rig) -> None:
    nodes = rig.equipment.faults.network.nodes
    asked = {name: node.snmp for name, node in nodes.items() if node.snmp is not None}
    own = {"sw-bruno": ["-v2c", "-c", SECRETS["HOTSPOT_DEVICE_SW_BRUNO_COMMUNITY"]]}

    names = {
        node: get(rig, node, NAME, V3 if snmp.version == "3" else own.get(node, V2C)) for node, snmp in asked.items()
    }

    assert len(asked) == rig.agents == 31
    assert names == {node: node for node in asked}


def test_a_walk_by_version_3_and_by_bulk_and_by_version_1_end_by_themselves(rig: Rig) -> None:
    everything = ask("snmpbulkwalk", V3, where(rig, "core-purworejo"), "1.3.6.1")
    bulk = ask("snmpbulkwalk", [*V2C, "-Cr40"], where(rig, "ap-romansa-kuliner-1"), "1.3.6.1")
    one_by_one = ask("snmpwalk", V2C, where(rig, "ap-romansa-kuliner-1"), "1.3.6.1")
    old = ask("snmpwalk", V1, where(rig, "ap-romansa-kuliner-1"), "1.3.6.1")

    assert len(everything) > 400
    assert bulk == one_by_one
    assert len(one_by_one) - len(old) == 4 * 3  # the four Counter64 columns of three ports


@pytest.mark.parametrize(
    ("node", "options"),
    [
        ("sw-loano", ["-v2c", "-c", "wrong"]),
        ("sw-bruno", V2C),
        ("sw-loano", ["-v2c", "-c", SECRETS["HOTSPOT_DEVICE_SW_BRUNO_COMMUNITY"]]),
        ("core-purworejo", V2C),
        ("sw-loano", V3),
    ],
)
def test_the_wrong_community_or_version_gets_no_answer(rig: Rig, node: str, options: list[str]) -> None:
    with pytest.raises(NoAnswer):
        get(rig, node, UPTIME, [*options, "-r", "0"])


def test_a_version_3_user_without_privacy_is_refused(rig: Rig) -> None:
    with pytest.raises(NoAnswer, match=r"authorizationError|Unsupported security level"):
        get(rig, "core-purworejo", UPTIME, ["-v3", "-u", "monitor", "-l", "authNoPriv", "-a", "SHA-256", "-A", KEYS[0]])


def test_nothing_can_be_written(rig: Rig) -> None:
    with pytest.raises(NoAnswer):
        ask("snmpset", V2C, where(rig, "sw-loano"), NAME, "s", "mine")
    assert get(rig, "sw-loano", NAME) == "sw-loano"


def test_counters_grow_with_the_lab_clock_and_stand_still_with_it(rig: Rig) -> None:
    first = int(column(rig, "sw-loano", HC_IN)["sfp1"])
    assert int(column(rig, "sw-loano", HC_IN)["sfp1"]) == first
    rig.clock.step(60)

    grown = int(column(rig, "sw-loano", HC_IN)["sfp1"]) - first
    assert 60 * 100_000 < grown < 60 * 125_000_000  # between 0.8 Mbit/s and the gigabit of the port


def test_access_points_show_the_phones_that_are_online_at_their_site(rig: Rig) -> None:
    rig.online["museum-tosan-aji"] = 7

    assert column(rig, "ap-museum-tosan-aji-1", CLIENTS) == {"wlan1": "4", "wlan2": "3"}


def test_a_cut_link_is_down_and_dark_at_its_near_end_and_silent_beyond_until_it_is_mended(rig: Rig) -> None:
    assert float(column(rig, "core-kutoarjo", RX_POWER)["sfp3"]) < 0
    rig.do("cut kutoarjo")

    assert column(rig, "core-kutoarjo", OPER)["sfp3"] == "2"
    assert "sfp3" not in column(rig, "core-kutoarjo", RX_POWER)
    for node in ("sw-kutoarjo", "gw-alun-alun-kutoarjo", "ap-pendopo-wabup-1"):
        assert is_silent(rig, node)
        assert not rig.equipment.reaches(node)
    rig.do("mend kutoarjo")
    assert get(rig, "sw-kutoarjo", NAME) == "sw-kutoarjo"
    assert column(rig, "core-kutoarjo", OPER)["sfp3"] == "1"


def test_the_root_gone_leaves_everything_silent_even_to_version_3_discovery(rig: Rig) -> None:
    rig.do("kill core-purworejo")

    assert is_silent(rig, "core-purworejo", V3)
    assert is_silent(rig, "sw-loano")
    rig.do("revive core-purworejo")
    assert get(rig, "core-purworejo", UPTIME, V3) == "0"


def test_a_fade_takes_just_so_much_light(rig: Rig) -> None:
    before = int(column(rig, "sw-loano", RX_POWER)["sfp1"])
    rig.do("fade loano 4")

    assert int(column(rig, "sw-loano", RX_POWER)["sfp1"]) == pytest.approx(before - 4000, abs=1)


def test_a_reboot_begins_uptime_and_counters_anew_and_may_renumber_the_ports(rig: Rig) -> None:
    before = ask("snmpbulkwalk", V2C, where(rig, "core-kutoarjo"), IF_NAME)
    rig.do("reboot core-kutoarjo 0 renumber")
    rig.clock.step(10)
    after = ask("snmpbulkwalk", V2C, where(rig, "core-kutoarjo"), IF_NAME)

    assert get(rig, "core-kutoarjo", UPTIME) == "1000"
    assert int(column(rig, "core-kutoarjo", HC_IN)["sfp1"]) < 10**9
    assert sorted(before.values()) == sorted(after.values())
    assert before != after


def test_a_version_3_device_counts_its_boots_and_is_found_again_after_one(rig: Rig) -> None:
    get(rig, "core-purworejo", UPTIME, V3)
    rig.do("reboot core-purworejo 0")

    assert get(rig, "core-purworejo", UPTIME, V3) == "0"


def test_the_near_end_of_a_cut_link_traps_from_its_own_address_and_the_far_end_is_not_heard(
    rig: Rig, tmp_path: Path
) -> None:
    with trap_receiver(tmp_path, rig.trap_port, COMMUNITY) as log:
        rig.do("cut loano")
        wait_until(lambda: ".1.3.6.1.6.3.1.1.5.3" in log.read_text(), "the linkDown trap arrives")
        rig.do("mend loano")
        wait_until(lambda: log.read_text().count(".1.3.6.1.6.3.1.1.5.4") == 2, "linkUp comes from both ends")
        rig.do("reboot sw-loano 0")
        wait_until(lambda: ".1.3.6.1.6.3.1.1.5.1" in log.read_text(), "the coldStart trap arrives")
        said = log.read_text()
    near = rig.sites.device["core-purworejo"].address
    down = [line for line in said.splitlines() if ".1.3.6.1.6.3.1.1.5.3" in line]
    assert len(down) == 1
    assert f"UDP: [{near}]" in down[0]


def test_a_reboot_that_takes_its_time_ends_on_the_lab_clock(rig: Rig) -> None:
    rig.do("reboot sw-loano 30")
    assert is_silent(rig, "sw-loano")
    rig.clock.step(31)

    wait_until(lambda: "booted" in rig.truth_file.read_text(), "the agenda notices the end of the reboot")
    assert get(rig, "sw-loano", UPTIME) == "100"


def test_the_truth_says_what_was_done_and_when(rig: Rig) -> None:
    rig.do("cut bruno")
    rig.clock.step(60)
    rig.do("mend bruno")
    rig.do("fade loano 3")

    faults = [line for line in read(rig.truth_file) if line["what"] == "fault"]
    assert [(line["at"] - BEGAN, line["fault"], line["link"]) for line in faults] == [
        (pytest.approx(0, abs=0.01), "cut", "bruno"),
        (pytest.approx(60, abs=0.01), "mend", "bruno"),
        (pytest.approx(60, abs=0.01), "fade", "loano"),
    ]
