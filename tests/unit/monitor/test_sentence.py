"""One sentence an incident, ready to paste; progress of the roll-out; what neighbours say against it."""

from __future__ import annotations

import pytest

from hotspot.sites import Sites
from monitor.catalogue import CAUSES
from monitor.cause import Cause
from monitor.history import CAUSES as NAMES
from monitor.neighbours import Difference, Neighbour, differences
from monitor.progress import progress
from monitor.rogue import CAUSE as ROGUE
from monitor.sentence import Told, duration, sentence
from monitor.strangers import CAUSES as STRANGE
from monitor.tell import strange

AT = 1_780_030_800.0  # 12.00 in Jakarta


def test_a_cut_says_what_since_when_who_and_what_to_do(sites: Sites) -> None:
    members = {("device", "sw-kutoarjo"), ("device", "ap-alun-alun-kutoarjo-1"), ("device", "ap-alun-alun-kutoarjo-2")}
    members |= {("nas", "gw-alun-alun-kutoarjo"), ("link", "grabag")}
    told = Told(Cause("link-down", "link", "purworejo-kutoarjo-trunk"), "fibre", members, 1212, AT)

    assert sentence(told, sites, AT + 3 * 3600 + 5 * 60) == (
        "Tautan Purworejo-Kutoarjo (purworejo-kutoarjo-trunk) putus sejak pukul 12.00 (3 jam 5 menit). "
        "Terdampak: 2 titik akses, 1 perangkat, 1 gateway, 1 tautan dan 1.212 pengguna. "
        "Penyebab: serat optik; hubungi kontraktor serat."
    )


def test_what_is_not_affected_is_not_counted_and_yesterday_has_its_date(sites: Sites) -> None:
    told = Told(Cause("device-down", "device", "ap-romansa-kuliner-1"), "unknown", (), 0, AT)

    assert sentence(told, sites, AT + 86_400) == (
        "Perangkat ap-romansa-kuliner-1 (Romansa Kuliner Purworejo) tidak menjawab sejak pukul 29/5 12.00 (1 hari). "
        "Penyebab belum diketahui; periksa listrik dan kabel di tempat."
    )


def test_the_end_is_told_with_how_long_it_lasted(sites: Sites) -> None:
    told = Told(Cause("power-cut", "district", "33.06.06"), "power", (), 3, AT, AT + 240)

    assert sentence(told, sites, AT + 300) == "Kecamatan Purworejo pulih setelah 4 menit."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "kurang dari satu menit"), (59, "kurang dari satu menit"), (60, "1 menit"), (3600, "1 jam"),
     (90_000, "1 hari 1 jam"), (90_060, "1 hari 1 jam"), (7_260, "2 jam 1 menit")],
)  # fmt: skip
def test_durations_have_the_two_largest_units(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_every_cause_has_its_words() -> None:
    assert set(CAUSES) == {*NAMES, ROGUE, *STRANGE}


def test_what_a_sensor_sees_is_a_sentence_too(sites: Sites) -> None:
    said = {cause: strange(cause, "alun-alun-besar", sites, AT) for cause in (ROGUE, *STRANGE)}

    assert said["rogue-ra"] == (
        "Ada router IPv6 asing di Alun-alun Besar Purworejo sejak pukul 12.00 (kurang dari satu menit). "
        "Pengunjung bisa lewat tanpa login; cari port switch-nya lalu cabut."
    )
    assert len({text.split(". ")[-1] for text in said.values()}) == 3, "each says what to do about it"


def test_the_roll_out_counts_each_district_once(sites: Sites) -> None:
    found = progress(sites)

    assert (len(found.active), len(found.building), len(found.planned), found.of) == (10, 3, 3, 16)
    assert found.none == ()


def test_a_neighbour_as_declared_differs_in_nothing_and_one_nobody_knows_only_on_a_declared_port(sites: Sites) -> None:
    heard = [
        Neighbour("core-kutoarjo", "sfp6", "sw-bruno", "sfp1"),
        Neighbour("sw-kutoarjo", "ether9", "visitor"),
        Neighbour("sw-kutoarjo", "ether2", "gw-alun-alun-kutoarjo"),
    ]

    assert differences(sites, heard) == []
    assert differences(sites, [Neighbour("core-kutoarjo", "sfp3", "visitor")]) == [
        Difference("unknown", "kutoarjo", "core-kutoarjo", "sfp3", "sw-kutoarjo", "visitor")
    ]


def test_a_link_that_carries_is_missed_only_where_both_ends_take_part(sites: Sites) -> None:
    other = Neighbour("core-kutoarjo", "sfp2", "sw-grabag", "sfp1")
    elsewhere = Neighbour("sw-grabag", "ether9", "sw-bruno")

    assert [d for d in differences(sites, [other, elsewhere], {"bruno"}) if d.what == "not-seen"] == [
        Difference("not-seen", "bruno", "core-kutoarjo", "sfp6", "sw-bruno", "")
    ]
    assert differences(sites, [other], {"bruno"}) == []
    assert not any(d.what == "not-seen" for d in differences(sites, [other, elsewhere], ()))


def test_a_moved_cable_another_port_and_an_undeclared_link_are_findings(sites: Sites) -> None:
    heard = [
        Neighbour("core-kutoarjo", "sfp6", "sw-kemiri", "sfp1"),
        Neighbour("core-kutoarjo", "sfp3", "sw-kutoarjo", "sfp2"),
        Neighbour("sw-bruno", "sfp9", "sw-kemiri"),
    ]

    assert differences(sites, heard) == [
        Difference("other-port", "kutoarjo", "core-kutoarjo", "sfp3", "sfp1", "sfp2"),
        Difference("moved", "bruno", "core-kutoarjo", "sfp6", "sw-bruno", "sw-kemiri"),
        Difference("undeclared", "", "sw-bruno", "sfp9", "", "sw-kemiri"),
    ]
