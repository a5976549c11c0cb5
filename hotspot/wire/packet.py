"""One datagram to one request, or the reason why it is none: parsing is strict and never raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hotspot.wire.numbers import Attr

HEADER = 20  # code, identifier, length, authenticator (RFC 2865 section 3)
LONGEST = 4096
MOST_ATTRIBUTES = 200  # FreeRADIUS' max_attributes: more are an attack, not a login
AUTHENTICATOR_SIZE = 16
_SEAL = Attr.MESSAGE_AUTHENTICATOR


@dataclass(frozen=True, slots=True)
class Malformed:
    """Not a packet that may be answered; the reason is for the log."""

    reason: str


class Request(NamedTuple):
    """A well-formed packet. ``octets`` ends at its Length; ``sealed_at`` is where its Message-Authenticator lies."""

    code: int
    identifier: int
    authenticator: bytes
    attributes: Mapping[int, Sequence[bytes]]
    octets: bytes
    sealed_at: int | None

    def first(self, attribute: int) -> bytes | None:
        values = self.attributes.get(attribute)
        return values[0] if values else None

    def every(self, attribute: int) -> Sequence[bytes]:
        return self.attributes.get(attribute, ())

    def number(self, attribute: int) -> int | None:
        """The attribute as RFC 2865's integer; None where it is missing or not four octets long."""
        values = self.attributes.get(attribute)
        return int.from_bytes(values[0], "big") if values and len(values[0]) == 4 else None

    def words(self, attribute: int) -> str | None:
        """The attribute as text that any database takes: foreign octets and NUL stay visible as escapes."""
        value = self.first(attribute)
        return None if value is None else value.decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def parse(datagram: bytes) -> Request | Malformed:
    """Octets beyond Length are padding (RFC 2865 section 3); everything else has to fit exactly."""
    if len(datagram) < HEADER:
        return Malformed("shorter than a header")
    length = datagram[2] << 8 | datagram[3]
    if not HEADER <= length <= LONGEST:
        return Malformed("Length is not between 20 and 4096")
    if length > len(datagram):
        return Malformed("shorter than its Length")
    return _with_attributes(datagram[:length])


def _with_attributes(octets: bytes) -> Request | Malformed:
    attributes: dict[int, list[bytes]] = {}
    sealed_at: int | None = None
    position, end, count = HEADER, len(octets), 0
    while position < end:
        if end - position < 2:
            return Malformed("one octet is left over at the end")
        kind, size = octets[position], octets[position + 1]
        after = position + size
        count += 1
        if kind == 0 or size < 2 or after > end or count > MOST_ATTRIBUTES:
            return Malformed(_fault(kind, size, end - position))
        if kind in attributes:
            attributes[kind].append(octets[position + 2 : after])
        else:
            attributes[kind] = [octets[position + 2 : after]]
        if kind == _SEAL:
            sealed_at = position + 2
        position = after
    if sealed_at is not None and (fault := _fault_of_seals(attributes[_SEAL])):
        return Malformed(fault)
    return Request(octets[0], octets[1], octets[4:HEADER], attributes, octets, sealed_at)


def _fault(kind: int, size: int, room: int) -> str:
    if kind == 0:
        return "attribute 0"
    if size < 2:
        return f"attribute {kind} is shorter than its own header"
    if size > room:
        return f"attribute {kind} runs over the end"
    return f"more than {MOST_ATTRIBUTES} attributes"


def _fault_of_seals(seals: Sequence[bytes]) -> str | None:
    if len(seals) > 1:
        return "more than one Message-Authenticator"
    if len(seals[0]) != AUTHENTICATOR_SIZE:
        return "Message-Authenticator is not 16 octets long"
    return None
