"""SNMPv3 traps and informs by pysnmp's security model, without its sockets: a datagram goes in, a trap comes out.

Only users of sites.yaml are known, and only at the level that sites.yaml gives them. A trap is signed for its sender's
engine (RFC 3414 section 1.5.1), which is learned from the datagram; an inform is signed for ours.
"""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pyasn1.codec.ber import decoder
from pyasn1.error import PyAsn1Error
from pysnmp.carrier.asyncio.dgram.udp import DOMAIN_NAME, UdpTransportAddress
from pysnmp.carrier.base import AbstractTransportDispatcher
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413.ntfrcv import NotificationReceiver
from pysnmp.error import PySnmpError
from pysnmp.proto import rfc1902
from pysnmp.proto.mpmod.rfc3412 import SNMPv3Message
from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters

from monitor.snmp.agent import Access
from monitor.snmp.pysnmp import AUTH, PRIV

ENGINES_OF_ONE = 3  # engine ids learned of one sender; each costs a stretched key, so a liar gets no more
_NO_AUTH, _AUTH, _PRIV = 1, 2, 3  # securityLevel, RFC 3411 section 3.4.3
_BOOTS_EVERY = 8  # seconds: snmpEngineBoots has to grow with every start, and no file has to remember it


class _Wire(AbstractTransportDispatcher):  # type: ignore[misc]
    """What the engine takes for its sockets; ``sent`` is what it would have sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    def send_message(self, message: bytes, *_where: object) -> None:
        self.sent.append(message)


class _Receiver(NotificationReceiver):  # type: ignore[misc]
    """Keeps what was received and at which level it was proved."""

    def __init__(self, engine: Any, least: int) -> None:
        super().__init__(engine, lambda *_arguments: None)
        self.least = least
        self.pdu: Any = None

    def process_pdu(self, *arguments: Any) -> None:
        if int(arguments[4]) >= self.least:
            self.pdu = arguments[8]
            super().process_pdu(*arguments)


class V3Reader:
    """For the devices that are asked with one user's keys."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._engine: Any = SnmpEngine()
        self._wire = _Wire()
        self._engine.register_transport_dispatcher(self._wire)
        _become_ourselves(self._engine)
        self._receiver = _Receiver(self._engine, _PRIV if access.priv else _AUTH if access.auth else _NO_AUTH)
        self.learned: dict[str, set[bytes]] = {}
        self._add_user(None)

    def read(self, packet: bytes, sender: str) -> tuple[Any, bytes]:
        """The notification's PDU, if its user has proved it, and what to answer."""
        self._wire.sent.clear()
        self._wire.handle_timer_tick(time.time())  # what the engine remembers has its end
        self._receiver.pdu = None
        try:
            self._learn(packet, sender)
            where = UdpTransportAddress((sender, 0))
            self._engine.message_dispatcher.receive_message(self._engine, DOMAIN_NAME, where, packet)
        except (PyAsn1Error, PySnmpError):
            return None, b""
        return self._receiver.pdu, self._wire.sent[-1] if self._wire.sent else b""

    def _learn(self, packet: bytes, sender: str) -> None:
        message, _ = decoder.decode(packet, asn1Spec=SNMPv3Message())
        parameters, _ = decoder.decode(bytes(message["msgSecurityParameters"]), asn1Spec=UsmSecurityParameters())
        engine, known = bytes(parameters["msgAuthoritativeEngineId"]), self.learned.setdefault(sender, set())
        named = bytes(parameters["msgUserName"]) == self._access.user.encode()
        if engine not in {b"", bytes(self._engine.snmpEngineID)} | known and named and len(known) < ENGINES_OF_ONE:
            known.add(engine)
            self._add_user(engine)

    def _add_user(self, engine: bytes | None) -> None:
        access, keys = self._access, {}
        if access.auth and access.auth_secret:
            keys = {"authProtocol": AUTH[access.auth], "authKey": access.auth_secret.reveal()}
            if access.priv and access.priv_secret:
                keys |= {"privProtocol": PRIV[access.priv], "privKey": access.priv_secret.reveal()}
        authority = rfc1902.OctetString(engine) if engine else None
        config.add_v3_user(self._engine, access.user, securityEngineId=authority, **keys)


def _become_ourselves(engine: Any) -> None:
    """An engine id that stays (RFC 3411 SnmpEngineID, format 5: octets), and boots that grow; pysnmp would use /tmp."""
    builder = engine.get_mib_builder()
    identity, boots = builder.import_symbols("__SNMP-FRAMEWORK-MIB", "snmpEngineID", "snmpEngineBoots")
    ours = bytes.fromhex("80004fb805") + hashlib.sha256(socket.gethostname().encode()).digest()[:12]
    identity.syntax = identity.syntax.clone(ours)
    engine.snmpEngineID = identity.syntax
    boots.syntax = boots.syntax.clone(int(time.time()) // _BOOTS_EVERY)


def readers(accesses: Mapping[str, Access | None]) -> dict[str, V3Reader]:
    """For each device that is asked by v3, the reader of its user's keys, which it shares with others of that user."""
    made: dict[Access, V3Reader] = {}
    found = {}
    for device, access in accesses.items():
        if access and access.version == "3":
            keys = replace(access, address="", port=0)
            if keys not in made:
                made[keys] = V3Reader(keys)
            found[device] = made[keys]
    return found
