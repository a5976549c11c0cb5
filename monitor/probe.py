"""One complete poll of one device over SNMP: the system group, IF-MIB and its kind's own objects, then the readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.kinds import Found, Kind
from monitor.mib import INTERFACES, NAMES, SYSTEM, MibTable, named, ports
from monitor.names import SELDOM_SECONDS, Known, Memory, still_true
from monitor.rates import rates
from monitor.reading import Reading
from monitor.snapshot import Answers, Rows, Value
from monitor.snmp.agent import Agent, SnmpError, Trouble
from monitor.snmp.agent import Rows as AskedRows

_OF_ONE_TABLE = (Trouble.DISORDER, Trouble.TOO_BIG, Trouble.BROKEN)  # a device that says so answers


@dataclass
class Partial:
    """What of a poll has come so far, so that its deadline loses only the rest."""

    system: dict[str, Value] = field(default_factory=dict)
    interfaces: Rows | None = None
    tables: dict[str, Rows] = field(default_factory=dict)
    coming: dict[str, AskedRows] = field(default_factory=dict)  # of the table that is asked for now, by its name
    stale: list[str] = field(default_factory=list)

    def found(self, kind: Kind, memory: Memory) -> Found | None:
        """None while not even the ports are known: then nothing can be said of the device."""
        if self.interfaces is None:
            return None
        tables = {table.name: table for table in kind.tables}
        own = {name: named(tables[name], rows) for name, rows in self.coming.items()} | self.tables
        stale = tuple(name for name in tables if name in self.stale or name not in self.tables)
        return Found(ports(self.interfaces), self.system, {**own, **memory.seldom}, stale)


async def ask(
    agent: Agent, kind: Kind, memory: Memory | None = None, now: float = 0.0, partial: Partial | None = None
) -> Found | SnmpError:
    """All that such a device is asked for. ``memory`` spares the names of the ports.

    Without the system group and its ports there is no poll. One of its kind's own tables that makes no sense is left
    out and said to be stale; silence within it is silence.
    """
    memory, partial = memory or Memory(), partial or Partial()
    scalars = await agent.scalars([*SYSTEM.values(), *kind.scalars.values()])
    if isinstance(scalars, SnmpError):
        return scalars
    names = {oid: name for name, oid in (SYSTEM | dict(kind.scalars)).items()}
    partial.system = {names[oid]: value for oid, value in scalars.items() if oid in names}
    interfaces = await _interfaces(agent, memory, partial.system, now)
    if isinstance(interfaces, SnmpError):
        return interfaces
    partial.interfaces = interfaces
    for table in kind.tables:
        if problem := await _own(agent, table, partial):
            return problem
    await _seldom(agent, kind, memory, now)
    return partial.found(kind, memory) or SnmpError(Trouble.BROKEN, "it has no ports")


async def _own(agent: Agent, table: MibTable, partial: Partial) -> SnmpError | None:
    so_far = partial.coming[table.name] = {}
    rows = await agent.table(list(table.columns.values()), so_far)
    if isinstance(rows, SnmpError):
        partial.stale.append(table.name)
        return None if rows.trouble in _OF_ONE_TABLE else rows
    partial.tables[table.name] = named(table, rows)
    return None


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
    return Answers(at, system, found.ports, own, found.tables, tuple(readings), found.stale)


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
