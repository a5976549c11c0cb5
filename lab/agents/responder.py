"""pysnmp as the agents' protocol: one engine for every v1 and v2c agent, an engine of its own for each v3 agent.

The engine tells the agents of one engine apart by their transports, each of which it knows by its own domain.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413.cmdrsp import CommandResponderBase
from pysnmp.entity.rfc3413.context import SnmpContext
from pysnmp.proto import rfc1905
from pysnmp.proto.api import v2c
from pysnmp.smi.error import AuthorizationError

from lab.agents.rows import Oid, Row
from lab.agents.tree import Tree

LEVELS = {"noAuthNoPriv": 1, "authNoPriv": 2, "authPriv": 3}  # RFC 3411 section 3.4.3
_V1 = 1  # SnmpSecurityModel of version 1
_MOST_VARBINDS = 64  # what an answer holds at most: pysnmp needs 90 us for each, wanted or beyond the table
_READS = (
    rfc1905.GetRequestPDU.tagSet,
    rfc1905.GetNextRequestPDU.tagSet,
    rfc1905.GetBulkRequestPDU.tagSet,
)


class Guest:
    """One agent of an engine: who may ask (a community index or a user), how safely, and what it answers."""

    def __init__(self, who: str, level: int, tree: Callable[[bool], Tree]) -> None:
        self.who, self.level, self.tree = who, level, tree


class Transport(udp.UdpAsyncioTransport):  # type: ignore[misc] # pysnmp carries no types
    """A socket that hears nothing while its device is away, not even a discovery of version 3."""

    def __init__(self, answers: Callable[[], bool]) -> None:
        super().__init__()
        self._answers = answers

    def datagram_received(self, datagram: bytes, transportAddress: Any) -> None:  # noqa: N803 - pysnmp's name
        """At once, where pysnmp would wait for the loop's next turn and by then may have been closed."""
        if self._callback_function is not None and self._answers():
            self._callback_function(self, transportAddress, datagram)


class Responder(CommandResponderBase):  # type: ignore[misc] # pysnmp carries no types
    """Answers the three reading requests from the tree of the agent that was asked; writes get no answer."""

    SUPPORTED_PDU_TYPES = _READS

    def __init__(self, engine: SnmpEngine, guests: dict[Oid, Guest]) -> None:
        super().__init__(engine, SnmpContext(engine))
        self._guests = guests

    def handle_management_operation(
        self,
        snmpEngine: SnmpEngine,  # noqa: N803 - pysnmp's names
        stateReference: int,  # noqa: N803
        contextName: Any,  # noqa: ARG002, N803
        PDU: Any,  # noqa: N803
    ) -> None:
        asked = snmpEngine.observer.get_execution_context("rfc3412.receiveMessage:request")
        guest = self._guests[tuple(asked["transportDomain"])]
        if str(asked["securityName"]) != guest.who:
            return  # another agent's community: silence, like any wrong community
        if int(asked["securityLevel"]) < guest.level:
            raise AuthorizationError(idx=0)
        tree = guest.tree(int(asked["securityModel"]) != _V1)
        answer = [(v2c.ObjectIdentifier(name), value) for name, value in _answer(tree, PDU)]
        self.send_varbinds(snmpEngine, stateReference, 0, 0, answer)


def _answer(tree: Tree, pdu: Any) -> Iterator[tuple[Oid, Any]]:
    names = [tuple(name) for name, _ in v2c.apiPDU.get_varbinds(pdu)]
    if pdu.tagSet == rfc1905.GetRequestPDU.tagSet:
        yield from (_found(tree, name) for name in names)
    elif pdu.tagSet == rfc1905.GetNextRequestPDU.tagSet:
        yield from (_following(tree, name) for name in names)
    else:
        yield from _bulk(tree, names, int(v2c.apiBulkPDU.get_non_repeaters(pdu)), pdu)


def _bulk(tree: Tree, names: list[Oid], single: int, pdu: Any) -> Iterator[tuple[Oid, Any]]:
    """RFC 3416 section 4.2.3: some names once, the rest again and again, as long as the answer fits."""
    single = min(max(0, single), len(names))
    yield from (_following(tree, name) for name in names[:single])
    rest = names[single:]
    rounds = min(int(v2c.apiBulkPDU.get_max_repetitions(pdu)), _MOST_VARBINDS // max(1, len(rest)))
    for _ in range(rounds):
        found = [_following(tree, name) for name in rest]
        yield from found
        if all(value is rfc1905.endOfMibView for _, value in found):
            return
        rest = [name for name, _ in found]


def _found(tree: Tree, name: Oid) -> tuple[Oid, Any]:
    value = tree.get(name)
    return name, rfc1905.noSuchInstance if value is None else value[0](value[1])


def _following(tree: Tree, name: Oid) -> tuple[Oid, Any]:
    row: Row | None = tree.after(name)
    if row is None:
        return name, rfc1905.endOfMibView
    return row[0], row[1][0](row[1][1])


def open_engine(identity: bytes, boots: int) -> SnmpEngine:
    """An engine with a lasting identity; pysnmp would keep the count of its boots in a shared temporary folder."""
    engine = SnmpEngine()
    scalar = _scalar(engine, "snmpEngineID")
    scalar.syntax = engine.snmpEngineID = scalar.syntax.clone(identity)
    counted = _scalar(engine, "snmpEngineBoots")
    counted.syntax = counted.syntax.clone(boots)
    return engine


def restart_engine(engine: SnmpEngine, now: int) -> None:
    """What a reboot does to version 3: one boot more, and the engine's time begins again (RFC 3414 section 2.3)."""
    boots, seconds = _scalar(engine, "snmpEngineBoots"), _scalar(engine, "snmpEngineTime")
    boots.syntax = boots.syntax.clone(int(boots.syntax) + 1)
    seconds.syntax = seconds.syntax.clone(now)


def listen(engine: SnmpEngine, number: int, address: tuple[str, int], answers: Callable[[], bool]) -> Oid:
    """Bind one agent's address at once; returns the domain by which the engine knows it."""
    domain: Oid = (*udp.DOMAIN_NAME, number)
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        receiver.bind(address)
    except OSError:
        receiver.close()
        raise
    receiver.setblocking(False)
    config.add_transport(engine, domain, Transport(answers).open_server_mode(sock=receiver))
    return domain


def _scalar(engine: SnmpEngine, name: str) -> Any:
    return engine.get_mib_builder().import_symbols("__SNMP-FRAMEWORK-MIB", name)[0]
