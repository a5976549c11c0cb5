"""One port asked ahead of its device's whole poll, because a trap spoke of it: its status among the last answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from monitor.mib import INTERFACES
from monitor.snapshot import Polled, Port, Value
from monitor.snmp.agent import Agent, SnmpError

_STATUS = ("ifOperStatus", "ifAdminStatus", "ifLastChange")  # no counter: those belong to the moment of a whole poll


async def look(agent: Agent, before: Polled, indexes: Iterable[int]) -> Polled | None:
    """The device with these ports as they are now; None when it does not answer, or never has."""
    names = {f"{INTERFACES.columns[name]}.{index}": (index, name) for index in indexes for name in _STATUS}
    found = await agent.scalars(list(names)) if names and before.answers else {}
    if isinstance(found, SnmpError) or not found:
        return None
    said: dict[int, dict[str, Value]] = {}
    for oid, value in found.items():
        index, name = names[oid]
        said.setdefault(index, {})[name] = value
    return with_ports(before, said)


def with_ports(before: Polled, said: Mapping[int, Mapping[str, Value]]) -> Polled | None:
    """Pure: the same answers with other states of some ports."""
    if before.answers is None:
        return None
    ports = tuple(_changed(port, said.get(port.index, {})) for port in before.answers.ports)
    up = {port.name: float(port.is_up) for port in ports if port.index in said}
    readings = tuple(
        replace(reading, value=up[reading.port]) if reading.what == "port-up" and reading.port in up else reading
        for reading in before.answers.readings
    )
    return replace(before, answers=replace(before.answers, ports=ports, readings=readings))


def _changed(port: Port, said: Mapping[str, Value]) -> Port:
    return replace(port, values={**port.values, **{k: v for k, v in said.items() if isinstance(v, int)}})
