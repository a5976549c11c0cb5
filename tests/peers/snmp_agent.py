"""An SNMP v2c agent in the test's own event loop that serves chosen objects, and can lie as real agents do."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error
from pysnmp.proto import rfc1902, rfc1905
from pysnmp.proto.api import PROTOCOL_MODULES, SNMP_VERSION_2C

MODULE: Any = PROTOCOL_MODULES[SNMP_VERSION_2C]
Oid = tuple[int, ...]
COMMUNITY = "rahasia-uji"

TYPES: dict[str, Any] = {
    "2": rfc1902.Integer32,
    "4": rfc1902.OctetString,
    "6": rfc1902.ObjectIdentifier,
    "64": rfc1902.IpAddress,
    "65": rfc1902.Counter32,
    "66": rfc1902.Gauge32,
    "67": rfc1902.TimeTicks,
    "70": rfc1902.Counter64,
}


def answers(host: str, port: int, community: str = COMMUNITY) -> bool:
    """Whether an agent there answers a v2c GET of sysUpTime within a moment."""
    request = MODULE.GetRequestPDU()
    MODULE.apiPDU.set_defaults(request)
    MODULE.apiPDU.set_varbinds(request, [(oid("1.3.6.1.2.1.1.3.0"), MODULE.Null(""))])
    message = MODULE.Message()
    MODULE.apiMessage.set_defaults(message)
    MODULE.apiMessage.set_community(message, community)
    MODULE.apiMessage.set_pdu(message, request)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(0.3)
        asker.connect((host, port))
        asker.send(encoder.encode(message))
        return bool(asker.recv(4096))


def oid(text: str) -> Oid:
    return tuple(int(part) for part in text.split("."))


def recording(path: Path) -> dict[Oid, Any]:
    """The objects of a .snmprec file: lines of ``OID|tag|value``, the tag with an x when the value is in hex.

    Numbers that were made unreadable before publication are left out.
    """
    objects = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        name, tag, value = line.split("|", 2)
        kind = TYPES.get(tag.rstrip("x"))
        with contextlib.suppress(PyAsn1Error):
            if kind is not None:
                objects[oid(name)] = kind(hexValue=value) if tag.endswith("x") else kind(value)
    return objects


def texts(entry: str, columns: Mapping[int, Iterable[str]]) -> dict[Oid, Any]:
    """A table whose rows count from 1, of strings."""
    return {
        (*oid(entry), column, row): rfc1902.OctetString(text)
        for column, values in columns.items()
        for row, text in enumerate(values, 1)
    }


@dataclass
class LyingAgent(asyncio.DatagramProtocol):
    """``objects`` by OID. Every lie is switched on by its own field; ``asked`` keeps what came in."""

    objects: dict[Oid, Any]
    largest: int = 10_000  # varbinds in a response; above it the answer is tooBig, without varbinds as MikroTik does
    truncate: int = 10_000  # varbinds after which a response to GETBULK just ends (RFC 3416 section 4.2.3)
    circle: bool = False  # GETNEXT and GETBULK give the last object of the first column for ever
    mute: int = 0  # so many requests get no answer
    tired: int = 10_000  # requests after which it answers no more
    forgetful: bool = False  # every second request gets no answer
    late: float = 0.0  # seconds by which the very first answer comes late
    elsewhere: bool = False  # answers come from another port, as an impostor's would
    octets: int = 1_000_000  # of text in a response; above it the answer is tooBig
    community: str = COMMUNITY
    asked: list[tuple[str, int, int]] = field(default_factory=list)  # (PDU, varbinds, max-repetitions)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message, _ = decoder.decode(data, asn1Spec=MODULE.Message())
        if str(MODULE.apiMessage.get_community(message)) != self.community:
            return
        request = MODULE.apiMessage.get_pdu(message)
        answer = self._answer(request)
        self.mute -= 1
        if self.mute >= 0 or len(self.asked) > self.tired or (self.forgetful and len(self.asked) % 2):
            return
        reply = MODULE.apiMessage.get_response(message)
        MODULE.apiMessage.set_pdu(reply, answer)
        octets = encoder.encode(reply)
        if self.elsewhere:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.sendto(octets, addr)
            return
        asyncio.get_running_loop().call_later(self.late, self._transport.sendto, octets, addr)
        self.late = 0.0

    def _answer(self, request: Any) -> Any:
        starts = [tuple(name) for name, _ in MODULE.apiPDU.get_varbinds(request)]
        answer = MODULE.apiPDU.get_response(request)
        repetitions = 0
        if request.isSameTypeWith(MODULE.GetBulkRequestPDU()):
            repetitions = int(MODULE.apiBulkPDU.get_max_repetitions(request))
            varbinds = self._bulk(starts, repetitions)
        elif request.isSameTypeWith(MODULE.GetNextRequestPDU()):
            varbinds = [self._next(start) for start in starts]
        else:
            varbinds = [(start, self.objects.get(start, rfc1905.noSuchInstance)) for start in starts]
        self.asked.append((type(request).__name__, len(starts), repetitions))
        weight = sum(len(value) for _, value in varbinds if isinstance(value, rfc1902.OctetString))
        if len(varbinds) > self.largest or weight > self.octets:
            MODULE.apiPDU.set_error_status(answer, 1)  # tooBig, RFC 3416 section 4.2.3
            varbinds = []
        MODULE.apiPDU.set_varbinds(answer, varbinds[: self.truncate] if repetitions else varbinds)
        return answer

    def _bulk(self, starts: list[Oid], repetitions: int) -> list[tuple[Oid, Any]]:
        varbinds = []
        for _ in range(repetitions):
            row = [self._next(start) for start in starts]
            varbinds += row
            starts = [name for name, _ in row]
        return varbinds

    def _next(self, start: Oid) -> tuple[Oid, Any]:
        names = sorted(self.objects)
        place = bisect_right(names, start)
        column_ends = place == len(names) or names[place][:-1] != start[: len(names[place]) - 1]
        if self.circle and start in self.objects and column_ends:
            return start, self.objects[start]
        if place == len(names):
            return start, rfc1905.endOfMibView
        return names[place], self.objects[names[place]]


@contextlib.asynccontextmanager
async def lying_agent(objects: dict[Oid, Any], **lies: Any) -> AsyncIterator[tuple[LyingAgent, int]]:
    """The agent and its port on 127.0.0.1."""
    loop = asyncio.get_running_loop()
    transport, agent = await loop.create_datagram_endpoint(
        lambda: LyingAgent(objects, **lies), local_addr=("127.0.0.1", 0)
    )
    try:
        yield agent, transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
