"""Ports keep their names through renumbering, reboots, equal names and swaps; names are asked for when it is time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from monitor.kinds import Found, Kind
from monitor.mib import INTERFACES, NAMES, SYSTEM, ports
from monitor.names import KEEP_BLINDLY_SECONDS, KEEP_SECONDS, Known, Memory, still_true
from monitor.probe import ask
from monitor.snmp.agent import Rows, Value

BARE = Kind("bare", {}, (), lambda _found: ())
ROWS = {"1": {"ifName": "sfp1"}, "2": {"ifName": "ether1"}}
SAID: dict[str, Value] = {"sysUpTime": 5000, "ifTableLastChange": 7}


def known() -> Known:
    return Known(ROWS, 100.0, 4000, 7)


def test_names_hold_while_the_agent_says_that_nothing_has_changed() -> None:
    assert still_true(known(), SAID, {"1", "2"}, 160.0)


@pytest.mark.parametrize(
    ("said", "indexes", "now"),
    [
        ({"sysUpTime": 90, "ifTableLastChange": 7}, {"1", "2"}, 160.0),
        ({"sysUpTime": 5000, "ifTableLastChange": 8}, {"1", "2"}, 160.0),
        (SAID, {"1", "2", "3"}, 160.0),
        (SAID, {"1"}, 160.0),
        (SAID, {"1", "2"}, 100.0 + KEEP_SECONDS),
        ({"ifTableLastChange": 7}, {"1", "2"}, 160.0),
    ],
    ids=["restarted", "table changed", "a port more", "a port less", "old", "no uptime"],
)
def test_names_are_asked_for_again(said: dict[str, Value], indexes: set[str], now: float) -> None:
    assert not still_true(known(), said, indexes, now)


def test_without_a_last_change_names_are_kept_for_ten_minutes_only() -> None:
    blind, said = Known(ROWS, 100.0, 4000), {"sysUpTime": 5000}

    assert still_true(blind, said, {"1", "2"}, 99.0 + KEEP_BLINDLY_SECONDS)
    assert not still_true(blind, said, {"1", "2"}, 100.0 + KEEP_BLINDLY_SECONDS)


class Router:
    """An agent with two ports whose numbers and names may change; ``reads`` counts how often names were asked for."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names, self.uptime, self.changed, self.reads = names, 5000, 7, 0

    async def scalars(self, oids: Sequence[str]) -> dict[str, Value]:
        values = {SYSTEM["sysUpTime"]: self.uptime, SYSTEM["ifTableLastChange"]: self.changed}
        return {oid: value for oid, value in values.items() if oid in oids}

    async def table(self, columns: Sequence[str], _so_far: Rows | None = None) -> Rows:
        if columns[0] == INTERFACES.columns["ifOperStatus"]:
            return {index: {columns[0]: 1 if name == "sfp1" else 2} for index, name in self.names.items()}
        self.reads += 1
        return {index: {NAMES.columns["ifName"]: name} for index, name in self.names.items()}

    def rest(self) -> None:
        """Nothing is held."""

    def up(self, memory: Memory, now: float) -> dict[str, bool]:
        found = asyncio.run(ask(self, BARE, memory, now))
        assert isinstance(found, Found)
        return {port.name: port.is_up for port in found.ports}


def test_a_quiet_router_is_asked_for_its_names_once() -> None:
    router, memory = Router({"1": "sfp1", "2": "ether1"}), Memory()
    seen = [router.up(memory, now) for now in (0.0, 60.0, 120.0)]

    assert seen == [{"sfp1": True, "ether1": False}] * 3
    assert router.reads == 1


def test_a_reboot_that_numbers_ports_anew_leaves_each_name_its_state() -> None:
    router, memory = Router({"1": "sfp1", "2": "ether1"}), Memory()
    router.up(memory, 0.0)
    router.names, router.uptime = {"1": "ether1", "2": "sfp1"}, 40

    assert router.up(memory, 60.0) == {"ether1": False, "sfp1": True}
    assert router.reads == 2


def test_two_names_that_swap_without_a_word_are_right_after_ten_minutes_at_most() -> None:
    router, memory = Router({"1": "sfp1", "2": "ether1"}), Memory()
    router.changed = 0
    router.up(memory, 0.0)
    router.names = {"1": "ether1", "2": "sfp1"}

    assert router.up(memory, KEEP_SECONDS) == {"ether1": False, "sfp1": True}


def test_equal_names_are_told_apart_alike_before_and_after_renumbering() -> None:
    before = ports({"10": {"ifName": "lan"}, "11": {"ifName": "lan"}, "12": {"ifName": "wan"}})
    after = ports({"70": {"ifName": "lan"}, "71": {"ifName": "lan"}, "72": {"ifName": "wan"}})

    assert [port.name for port in before] == [port.name for port in after] == ["lan #1", "lan #2", "wan"]
