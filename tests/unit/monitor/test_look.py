"""A port that a trap spoke of, asked alone: its state changes in the last answers and nothing else does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from monitor.look import look
from monitor.mib import INTERFACES
from monitor.reading import Reading
from monitor.snapshot import Answers, Polled, Port
from monitor.snmp.agent import Rows, SnmpError, Trouble, Value

OPER = INTERFACES.columns["ifOperStatus"]


class Switch:
    """An agent whose port 6 is down now, or which is silent."""

    def __init__(self, *, silent: bool = False) -> None:
        self.silent = silent
        self.asked: list[str] = []

    async def scalars(self, oids: Sequence[str]) -> dict[str, Value] | SnmpError:
        self.asked += oids
        return SnmpError(Trouble.SILENT, "") if self.silent else {f"{OPER}.6": 2}

    async def table(self, _columns: Sequence[str], _so_far: Rows | None = None) -> Rows:
        raise AssertionError("a look asks for no table")

    def rest(self) -> None:
        """Nothing is held."""


def polled() -> Polled:
    ports = tuple(Port(index, f"ge{index}", "", "", {"ifOperStatus": 1, "ifHCInOctets": 9}) for index in (5, 6))
    readings = tuple(Reading("device", "sw", "port-up", 1.0, 1.0, port.name) for port in ports)
    return Polled("device", "sw", Answers(1.0, {}, ports, {}, {}, readings), tried_at=1.0)


def test_the_port_is_down_and_the_rest_is_as_it_was() -> None:
    switch = Switch()
    after = asyncio.run(look(switch, polled(), [6]))

    assert after is not None
    assert after.answers is not None
    assert [port.is_up for port in after.answers.ports] == [True, False]
    assert after.answers.reading("port-up", "ge6") == 0.0
    assert after.answers.reading("port-up", "ge5") == 1.0
    assert after.answers.ports[1].values["ifHCInOctets"] == 9
    assert (after.tried_at, after.answers.at) == (1.0, 1.0), "it is no poll"
    assert len(switch.asked) == 3


def test_silence_a_first_poll_and_no_port_change_nothing() -> None:
    assert asyncio.run(look(Switch(silent=True), polled(), [6])) is None
    assert asyncio.run(look(Switch(), Polled("device", "sw"), [6])) is None
    assert asyncio.run(look(Switch(), polled(), [])) is None
