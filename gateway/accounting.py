"""What a gateway reports, as values: Start, Interim and Stop of a client's stay, On and Off of itself (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum
from ipaddress import ip_address
from typing import Any

from gateway.admission import Octets
from gateway.identity import Identity, client_attributes
from gateway.session import NOTHING, Address, Cause
from hotspot.mac import Mac
from hotspot.wire import Attr, Attribute, integer, text

_BY_RADIUS, _LOCALLY = 1, 2  # Acct-Authentic (RFC 2866 section 5.6)
_MOST = 0xFFFFFFFF


class Status(IntEnum):
    """Acct-Status-Type (RFC 2866 section 5.1)."""

    START = 1
    STOP = 2
    INTERIM = 3
    ON = 7
    OFF = 8


class Receipt(Enum):
    """What became of a report that was sent. IGNORED: a server lives and does not acknowledge this one.

    FreeRADIUS' SQL is silent about an Accounting-On that closes no session, for then it has recorded nothing.
    """

    KEPT = "kept"
    IGNORED = "ignored"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Who:
    """Whose stay it is. ``classes``, in hex, come from the Accept and go back as they are (RFC 2865 section 5.25).

    ``by_radius`` is False where the gateway let the client through alone while no server answered.
    """

    session: str
    user: str
    mac: Mac
    addresses: tuple[Address, ...] = ()
    classes: tuple[str, ...] = ()
    by_radius: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """One report; ``at`` is when it happened, UTC seconds. ``who`` is None where it is about the gateway itself."""

    status: Status
    at: int
    who: Who | None = None
    seconds: int = 0
    octets: Octets = NOTHING
    cause: Cause | None = None

    @property
    def session(self) -> str:
        """Acct-Session-Id; RFC 2866 section 5.13 wants one even of an Accounting-On."""
        return self.who.session if self.who else f"gateway-{self.status.name.lower()}-{self.at}"


def started(who: Who, at: int) -> Record:
    return Record(Status.START, at, who)


def going_on(who: Who, at: int, seconds: int, octets: Octets) -> Record:
    return Record(Status.INTERIM, at, who, seconds, octets)


def stopped(who: Who, at: int, seconds: int, octets: Octets, cause: Cause) -> Record:
    return Record(Status.STOP, at, who, seconds, octets, cause)


def gateway_up(at: int) -> Record:
    """No earlier stay goes on: for a boot that restored nobody, never for a mere restart."""
    return Record(Status.ON, at)


def gateway_down(at: int) -> Record:
    return Record(Status.OFF, at)


def attributes(record: Record, identity: Identity, now: float) -> tuple[Attribute, ...]:
    """As they are sent at ``now``: the time since it happened is Acct-Delay-Time."""
    delay = min(_MOST, max(0, int(now) - record.at))
    return (
        integer(Attr.ACCT_STATUS_TYPE, record.status),
        text(Attr.ACCT_SESSION_ID, record.session),
        *identity.attributes,
        integer(Attr.EVENT_TIMESTAMP, record.at),
        integer(Attr.ACCT_DELAY_TIME, delay),
        *(_of(record, record.who) if record.who else ()),
    )


def _of(record: Record, who: Who) -> Iterator[Attribute]:
    yield text(Attr.USER_NAME, who.user)
    yield from client_attributes(who.mac, who.addresses)
    yield from ((Attr.CLASS, bytes.fromhex(value)) for value in who.classes)
    yield integer(Attr.ACCT_AUTHENTIC, _BY_RADIUS if who.by_radius else _LOCALLY)
    if record.status is not Status.START:
        yield integer(Attr.ACCT_SESSION_TIME, record.seconds)
        yield from _wide(Attr.ACCT_INPUT_OCTETS, Attr.ACCT_INPUT_GIGAWORDS, record.octets.up)
        yield from _wide(Attr.ACCT_OUTPUT_OCTETS, Attr.ACCT_OUTPUT_GIGAWORDS, record.octets.down)
        yield integer(Attr.ACCT_INPUT_PACKETS, record.octets.up_packets & _MOST)
        yield integer(Attr.ACCT_OUTPUT_PACKETS, record.octets.down_packets & _MOST)
    if record.cause is not None:
        yield integer(Attr.ACCT_TERMINATE_CAUSE, record.cause)


def _wide(low: int, high: int, octets: int) -> tuple[Attribute, ...]:
    """Input is what the gateway received from the client; gigawords always, as 32 bits wrap at 4 GiB (RFC 2869)."""
    return integer(low, octets & _MOST), integer(high, octets >> 32)


def to_json(record: Record) -> str:
    """One line for the disk."""
    who, octets = record.who, record.octets
    value: dict[str, Any] = {"status": record.status.value, "at": record.at}
    if who is not None:
        value["who"] = {
            "session": who.session,
            "user": who.user,
            "mac": who.mac.digits,
            "addresses": [str(address) for address in who.addresses],
            "classes": list(who.classes),
            "by_radius": who.by_radius,
        }
        value["seconds"] = record.seconds
        value["octets"] = [octets.up, octets.down, octets.up_packets, octets.down_packets]
    if record.cause is not None:
        value["cause"] = record.cause.value
    return json.dumps(value, separators=(",", ":"))


def from_json(line: str) -> Record:
    value = json.loads(line)
    told = value.get("who")
    return Record(
        status=Status(value["status"]),
        at=value["at"],
        who=_who(told) if told else None,
        seconds=value.get("seconds", 0),
        octets=Octets(*value.get("octets", ())),
        cause=Cause(value["cause"]) if "cause" in value else None,
    )


def _who(told: dict[str, Any]) -> Who:
    return Who(
        session=told["session"],
        user=told["user"],
        mac=Mac(told["mac"]),
        addresses=tuple(ip_address(address) for address in told["addresses"]),
        classes=tuple(told["classes"]),
        by_radius=told["by_radius"],
    )
