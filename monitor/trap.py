"""One datagram as an SNMP trap or inform (pure); a community is not looked at, because it proves nothing.

Messages are read with pysnmp's decoder alone: its notification receiver would want every device's community and drop
the rest without a word, where the monitor decides by the source address before a byte is parsed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from pyasn1.codec.ber import decoder, encoder
from pyasn1.error import PyAsn1Error
from pysnmp.proto import api
from pysnmp.proto.error import ProtocolError

from monitor.notices import if_index, known

_SNMP_TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0"  # SNMPv2-MIB snmpTrapOID.0
_STANDARD_TRAPS = "1.3.6.1.6.3.1.1.5."  # SNMPv2-MIB snmpTraps; RFC 3584 section 3.1: v1 generic g is ….(g + 1)
_VERSION_3 = 3
_ENTERPRISE_SPECIFIC = 6  # RFC 1157 generic-trap
_NAMES = {1: "coldStart", 2: "warmStart", 3: "linkDown", 4: "linkUp"}


@dataclass(frozen=True)
class Trap:
    """``name`` is empty for a trap that says nothing about links or starts; ``reply`` answers an inform.

    ``oid`` is its snmpTrapOID in any version, by which monitor.notices knows what vendors mean.
    """

    name: str
    if_index: int | None = None
    reply: bytes = b""
    oid: str = field(default="", compare=False)


@dataclass(frozen=True)
class Malformed:
    """No notification that we know, and why; ``reply`` is what SNMPv3 answers all the same (RFC 3414 section 4)."""

    why: str
    reply: bytes = b""


class Proved(Protocol):
    """monitor.trap_v3.V3Reader: the proved PDU of a v3 notification, and what to answer."""

    def read(self, packet: bytes, sender: str) -> tuple[Any, bytes]: ...


def read_trap(packet: bytes, sender: str = "", v3: Proved | None = None) -> Trap | Malformed:
    """One datagram as a trap; whatever the bytes are, this returns. ``v3``: for senders that are asked by v3."""
    try:
        version = int(api.decodeMessageVersion(packet))
        if v3:
            return (
                _proved(*v3.read(packet, sender))
                if version == _VERSION_3
                else Malformed("in clear, where v3 is agreed")
            )
        if version not in (api.SNMP_VERSION_1, api.SNMP_VERSION_2C):
            return Malformed(f"SNMP version {version}")
        words = api.PROTOCOL_MODULES[version]
        message, _rest = decoder.decode(packet, asn1Spec=words.Message())
        return _notification(words, message)
    except (PyAsn1Error, ProtocolError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        return Malformed(type(error).__name__)


def _notification(words: Any, message: Any) -> Trap | Malformed:
    pdu = words.apiMessage.get_pdu(message)
    kind = pdu.__class__.__name__
    if kind == "TrapPDU":
        return _trap(_oid_of_v1(words, pdu), [str(name) for name, _ in words.apiTrapPDU.get_varbinds(pdu)])
    if kind not in ("SNMPv2TrapPDU", "InformRequestPDU"):
        return Malformed(f"a {kind}")
    trap = _named(words, pdu)
    return replace(trap, reply=_acknowledgement(words, message)) if kind == "InformRequestPDU" else trap


def _proved(pdu: Any, reply: bytes) -> Trap | Malformed:
    """Without a PDU there may still be a reply: the engine id and time that an inform's sender asks for first."""
    if pdu is None:
        return Malformed("not proved by a user of sites.yaml", reply)
    return replace(_named(api.PROTOCOL_MODULES[api.SNMP_VERSION_2C], pdu), reply=reply)


def _named(words: Any, pdu: Any) -> Trap:
    pairs = [(str(name), value) for name, value in words.apiPDU.get_varbinds(pdu)]
    oid = next((str(value) for name, value in pairs if name == _SNMP_TRAP_OID), "")
    return _trap(oid, [name for name, _ in pairs])


def _oid_of_v1(words: Any, pdu: Any) -> str:
    """RFC 3584 section 3.1."""
    generic = int(words.apiTrapPDU.get_generic_trap(pdu))
    if generic < _ENTERPRISE_SPECIFIC:
        return f"{_STANDARD_TRAPS}{generic + 1}"
    return f"{words.apiTrapPDU.get_enterprise(pdu)}.0.{int(words.apiTrapPDU.get_specific_trap(pdu))}"


def _trap(oid: str, bindings: list[str]) -> Trap:
    number = int(oid.removeprefix(_STANDARD_TRAPS)) if oid.removeprefix(_STANDARD_TRAPS).isdigit() else 0
    return Trap(_NAMES.get(number, ""), if_index(known(oid), bindings), oid=oid)


def _acknowledgement(words: Any, message: Any) -> bytes:
    """RFC 3416 section 4.2.7: the same variable bindings, no error."""
    response = words.apiMessage.get_response(message)
    words.apiPDU.set_varbinds(
        words.apiMessage.get_pdu(response), words.apiPDU.get_varbinds(words.apiMessage.get_pdu(message))
    )
    return bytes(encoder.encode(response))
