"""One complete poll of one device over SNMP: the system group, IF-MIB and its kind's own objects, then the readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from monitor.kinds import Found, Kind
from monitor.mib import INTERFACES, NAMES, SYSTEM, MibTable, named, ports
from monitor.names import SELDOM_SECONDS, Known, Memory, still_true
from monitor.rates import rates
from monitor.reading import Reading
from monitor.snapshot import Answers, Rows, Value
from monitor.snmp.agent import Agent, SnmpError


async def ask(agent: Agent, kind: Kind, memory: Memory | None = None, now: float = 0.0) -> Found | SnmpError:
    """Everything, or the first error: half a poll is no poll. ``memory`` spares the names of the ports."""
    scalars = await agent.scalars([*SYSTEM.values(), *kind.scalars.values()])
    if isinstance(scalars, SnmpError):
        return scalars
    names = {oid: name for name, oid in (SYSTEM | dict(kind.scalars)).items()}
    found = {names[oid]: value for oid, value in scalars.items() if oid in names}
    memory = memory or Memory()
    interfaces = await _interfaces(agent, memory, found, now)
    if isinstance(interfaces, SnmpError):
        return interfaces
    own = await _tables(agent, kind.tables)
    if isinstance(own, SnmpError):
        return own
    await _seldom(agent, kind, memory, now)
    return Found(ports(interfaces), found, {**own, **memory.seldom})


async def _seldom(agent: Agent, kind: Kind, memory: Memory, now: float) -> None:
    """What is not answered now stays as it was: a device whose neighbours cannot be read is well all the same."""
    if memory.seldom_at is not None and 0 <= now - memory.seldom_at < SELDOM_SECONDS:
        return
    memory.seldom_at = now
    for table in kind.seldom:
        rows = await agent.table(list(table.columns.values()))
        if isinstance(rows, SnmpError):
            return
        memory.seldom[table.name] = named(table, rows)


async def _interfaces(agent: Agent, memory: Memory, system: Mapping[str, Value], now: float) -> Rows | SnmpError:
    """The figures of all ports, with their names as they are known or as they have to be asked for."""
    figures = await _tables(agent, (INTERFACES,))
    if isinstance(figures, SnmpError):
        return figures
    rows = figures[INTERFACES.name]
    if not still_true(memory.known, system, set(rows), now):
        names = await _tables(agent, (NAMES,))
        if isinstance(names, SnmpError):
            return names
        memory.known = Known(names[NAMES.name], now, system.get("sysUpTime"), system.get("ifTableLastChange"))
    known = memory.known.rows if memory.known else {}
    return {index: {**known.get(index, {}), **rows.get(index, {})} for index in {**known, **rows}}


def answers(
    subject_kind: str, subject: str, kind: Kind, found: Found, at: float, *, before: Answers | None = None
) -> Answers:
    """``before``: what the device said last, for what can only be told from two polls."""
    system = {name: value for name, value in found.scalars.items() if name in SYSTEM}
    own = {name: value for name, value in found.scalars.items() if name not in SYSTEM}
    readings = [*_readings(subject_kind, subject, kind, found, at)]
    for what, port, value in rates(before, at, system, found.ports):
        readings.append(Reading(subject_kind, subject, what, value, at, port))
    return Answers(at, system, found.ports, own, found.tables, tuple(readings))


async def _tables(agent: Agent, tables: Sequence[MibTable]) -> dict[str, Rows] | SnmpError:
    answer: dict[str, Rows] = {}
    for table in tables:
        rows = await agent.table(list(table.columns.values()))
        if isinstance(rows, SnmpError):
            return rows
        answer[table.name] = named(table, rows)
    return answer


def _readings(subject_kind: str, subject: str, kind: Kind, found: Found, at: float) -> Iterator[Reading]:
    uptime = found.scalars.get("sysUpTime")
    if isinstance(uptime, int):
        yield Reading(subject_kind, subject, "uptime", uptime / 100, at)
    for port in found.ports:
        if port.is_wanted:
            yield Reading(subject_kind, subject, "port-up", float(port.is_up), at, port.name)
    figures = list(kind.figures(found))
    names = unique_within([(figure.what, figure.port) for figure in figures])
    for figure, name in zip(figures, names, strict=True):
        yield Reading(subject_kind, subject, figure.what, figure.value, at, name, figure.error)


def unique_within(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Ports' names that are unique for each what: two sensors of one port, or of none, would be one series."""
    seen: dict[tuple[str, str], int] = {}
    names = []
    for what, port in pairs:
        seen[what, port] = place = seen.get((what, port), 0) + 1
        names.append(port if place == 1 else f"{port} #{place}".lstrip())
    return names
