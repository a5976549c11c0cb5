"""HTB classes as text for tc."""

from __future__ import annotations

from ipaddress import IPv4Interface

import pytest

from gateway import shaping
from gateway.admission import FIRST_MARK, LAST_MARK, Admission
from gateway.place import Place
from hotspot.mac import Mac

PLACE = Place("lan", "wan", IPv4Interface("10.70.7.1/22"), None, 8880, ())


def admission(mark: int = 0x10, up: int = 2_000_000, down: int = 8_000_000) -> Admission:
    return Admission(mark, Mac.parse("02:00:5e:00:00:21"), (), up, down, 600)


def test_the_lan_shapes_download_and_the_wan_upload() -> None:
    lan, lan_queue, wan, wan_queue = shaping.classes(PLACE, [admission()]).splitlines()
    assert lan.startswith("class replace dev lan parent 4853: classid 4853:10 htb rate 8000000bit ceil 8000000bit ")
    assert wan.startswith("class replace dev wan parent 4853: classid 4853:10 htb rate 2000000bit ceil 2000000bit ")
    assert lan_queue == "qdisc replace dev lan parent 4853:10 handle 10: bfifo limit 250000"
    assert wan_queue == "qdisc replace dev wan parent 4853:10 handle 10: bfifo limit 100000"


@pytest.mark.parametrize(("speed", "burst"), [(1_000_000, 16_384), (100_000_000, 62_500), (1_000_000_000, 625_000)])
def test_a_burst_is_five_milliseconds_but_never_less_than_some_packets(speed: int, burst: int) -> None:
    assert f"burst {burst} cburst {burst} " in shaping.classes(PLACE, [admission(down=speed)]).splitlines()[0]


def test_a_client_without_a_limit_still_has_a_class_because_classes_count() -> None:
    assert f"rate {shaping.UNLIMITED}bit" in shaping.classes(PLACE, [admission(up=0)]).splitlines()[2]


@pytest.mark.parametrize("mark", [FIRST_MARK, LAST_MARK])
def test_every_mark_is_a_class_of_its_own(mark: int) -> None:
    assert f"classid 4853:{mark:x} " in shaping.classes(PLACE, [admission(mark)])


def test_taking_classes_away_names_them_on_both_interfaces() -> None:
    assert shaping.no_queues(PLACE, [0x10, 0x11]).splitlines() == [
        "qdisc del dev lan parent 4853:10",
        "qdisc del dev wan parent 4853:10",
        "qdisc del dev lan parent 4853:11",
        "qdisc del dev wan parent 4853:11",
    ]
    assert shaping.no_classes(PLACE, [0xFFFF]).splitlines() == [
        "class del dev lan classid 4853:ffff",
        "class del dev wan classid 4853:ffff",
    ]


def test_only_our_own_root_is_taken_for_ours() -> None:
    assert shaping.has_root("qdisc htb 4853: root refcnt 2 r2q 10 default 0 direct_packets_stat 0\n")
    assert not shaping.has_root("qdisc htb 1: root refcnt 2 r2q 10 default 0\n")
    assert not shaping.has_root("qdisc noqueue 0: root refcnt 2\n")
