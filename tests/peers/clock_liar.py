"""An SNMPv3 agent whose clock is at fault: it tells its time, and refuses every request that uses it."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any

from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto import rfc1902
from pysnmp.proto.mpmod.rfc3412 import SNMPv3Message
from pysnmp.proto.secmod.rfc3414.service import UsmSecurityParameters

from tests.peers.snmp_agent import MODULE, oid

ENGINE = bytes.fromhex("8000000001020304050607")
UNKNOWN_ENGINE, NOT_IN_TIME = "1.3.6.1.6.3.15.1.1.4.0", "1.3.6.1.6.3.15.1.1.2.0"  # SNMP-USER-BASED-SM-MIB usmStats
_SIGNATURE = 24  # octets of HMAC-192-SHA-256 (RFC 7860 section 4.1)


class ClockLiar(asyncio.DatagramProtocol):
    """``secret`` is the passphrase of the one user, whose reports are signed with SHA-256."""

    def __init__(self, secret: str) -> None:
        self._key = _localized(secret.encode())
        self.engine = ENGINE

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message, _ = decoder.decode(data, asn1Spec=SNMPv3Message())
        asked, _ = decoder.decode(bytes(message["msgSecurityParameters"]), asn1Spec=UsmSecurityParameters())
        user = bytes(asked["msgUserName"]) if bytes(asked["msgAuthoritativeEngineId"]) == ENGINE else b""
        self._transport.sendto(self.report(int(message["msgGlobalData"]["msgID"]), user), addr)

    def report(self, number: int, user: bytes) -> bytes:
        """To who does not know our engine: which it is. To a user: that his time is wrong, whatever it is."""
        signature = bytes(_SIGNATURE) if user else b""
        parameters = UsmSecurityParameters()
        for name, value in zip(parameters, (self.engine, 7, 1000, user, signature, b""), strict=True):
            parameters[name] = value
        message = SNMPv3Message()
        message["msgVersion"] = 3
        for name, value in (("msgID", number), ("msgMaxSize", 65507), ("msgSecurityModel", 3)):
            message["msgGlobalData"][name] = value
        message["msgGlobalData"]["msgFlags"] = b"\x01" if user else b"\x00"
        message["msgSecurityParameters"] = encoder.encode(parameters)
        scoped = message["msgData"]["plaintext"]
        scoped["contextEngineId"], scoped["contextName"] = ENGINE, b""
        scoped["data"].setComponentByType(MODULE.ReportPDU.tagSet, _report_pdu(NOT_IN_TIME if user else UNKNOWN_ENGINE))
        octets: bytes = encoder.encode(message)
        mac = hmac.new(self._key, octets, hashlib.sha256).digest()[:_SIGNATURE]
        return octets.replace(signature, mac, 1) if user else octets


def _report_pdu(counter: str) -> Any:
    pdu = MODULE.ReportPDU()
    MODULE.apiPDU.set_defaults(pdu)
    MODULE.apiPDU.set_request_id(pdu, 0)
    MODULE.apiPDU.set_varbinds(pdu, [(oid(counter), rfc1902.Counter32(1))])
    return pdu


def _localized(secret: bytes) -> bytes:
    """RFC 3414 section A.2 with SHA-256: a mebibyte of the passphrase, then bound to the engine."""
    long = (secret * (2**20 // len(secret) + 1))[: 2**20]
    key = hashlib.sha256(long).digest()
    return hashlib.sha256(key + ENGINE + key).digest()


@contextlib.asynccontextmanager
async def clock_liar(secret: str) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: ClockLiar(secret), local_addr=("127.0.0.1", 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
