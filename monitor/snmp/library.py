"""Which SNMP library polls: gufo_snmp where it can be imported, pysnmp elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from monitor.snmp.agent import Access, Agent, SnmpError


@dataclass(frozen=True)
class Library:
    """Made and closed inside the event loop; ``agent`` makes the agent of one device."""

    name: str
    agent: Callable[[Access], Agent]
    close: Callable[[], None]


def library_name() -> str:
    return "gufo_snmp" if find_spec("gufo") and find_spec("gufo.snmp") else "pysnmp"


def open_library(name: str | None = None) -> Library:
    """The preferred library, or the named one; the other is not even imported."""
    if (name or library_name()) == "gufo_snmp":
        from monitor.snmp.gufo import GufoAgent  # noqa: PLC0415 - it may not be installed

        return Library("gufo_snmp", lambda access: GufoAgent(access, _second_opinion), lambda: None)
    from monitor.snmp.pysnmp import Engines, PysnmpAgent  # noqa: PLC0415 - slow to import and not needed beside gufo

    engines = Engines()
    return Library("pysnmp", lambda access: PysnmpAgent(access, engines), engines.close)


async def _second_opinion(access: Access) -> SnmpError | None:
    from monitor.snmp.pysnmp import second_opinion  # noqa: PLC0415 - only wanted when a device refuses us

    return await second_opinion(access)
