"""What an Accounting-Request says, as values: a step of a client's stay, a boot of the NAS, or a mere sign of life."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from hotspot.mac import Mac
from hotspot.wire import Attr, Request

CLOCK_TOLERANCE = 300  # seconds by which a NAS's clock may differ from ours and still be believed
LONGEST_DELAY = 7 * 86400
LONGEST_SESSION = 31 * 86400  # no visit lasts a month; a NAS that says so would make days that never were
BY_ITSELF = 2  # Acct-Authentic: the NAS let it in without asking us (our gateway while RADIUS is away)
MOST = 2**63 - 1  # the widest number that both databases hold
_CLASS = re.compile(rb"hs1:[0-9a-f]{32}")


class Status(IntEnum):
    """Acct-Status-Type (RFC 2866 section 5.1)."""

    START = 1
    STOP = 2
    INTERIM = 3
    ON = 7
    OFF = 8


_STEPS = {int(status): status for status in (Status.START, Status.STOP, Status.INTERIM)}
_BOOTS = frozenset({int(Status.ON), int(Status.OFF)})


@dataclass(frozen=True, slots=True)
class Step:
    """One report about one session; None is "the NAS did not say", never zero. Octets are seen from the NAS."""

    status: Status
    nas: str
    site: str
    session_id: str
    class_token: str | None
    user_name: str | None
    mac: Mac | None
    address: str | None
    at: int
    seconds: int | None
    input_octets: int | None
    output_octets: int | None
    cause: int | None
    received_at: int
    authentic: int | None = None

    @property
    def began_at(self) -> int | None:
        """When the session must have begun, where the NAS says how long it has lasted."""
        return None if self.seconds is None else self.at - self.seconds


@dataclass(frozen=True, slots=True)
class Boot:
    """Accounting-On or -Off: no session of this NAS outlives it."""

    nas: str
    at: int


@dataclass(frozen=True, slots=True)
class SignOfLife:
    """A NAS was heard and said nothing that could be booked: Status-Server, or an unknown Acct-Status-Type."""

    nas: str
    at: int


def read_event(request: Request, nas: str, site: str, received_at: int) -> Step | Boot | SignOfLife:
    """Unknown kinds of report are acknowledged too (RFC 2866 section 4.1 wants no answer only for what is not kept)."""
    at = event_time(request.number(Attr.EVENT_TIMESTAMP), request.number(Attr.ACCT_DELAY_TIME), received_at)
    kind = request.number(Attr.ACCT_STATUS_TYPE) or 0
    if kind in _BOOTS:
        return Boot(nas, at)
    session_id = request.words(Attr.ACCT_SESSION_ID)
    status = _STEPS.get(kind)
    if status is None or not session_id:
        return SignOfLife(nas, received_at)
    return Step(
        status=status,
        nas=nas,
        site=site,
        session_id=session_id,
        class_token=own_class(request),
        user_name=request.words(Attr.USER_NAME) or None,
        mac=calling_mac(request),
        address=_address(request.first(Attr.FRAMED_IP_ADDRESS)),
        at=at,
        seconds=_seconds(request, status),
        input_octets=_octets(request, Attr.ACCT_INPUT_OCTETS, Attr.ACCT_INPUT_GIGAWORDS),
        output_octets=_octets(request, Attr.ACCT_OUTPUT_OCTETS, Attr.ACCT_OUTPUT_GIGAWORDS),
        cause=request.number(Attr.ACCT_TERMINATE_CAUSE) if status is Status.STOP else None,
        received_at=received_at,
        authentic=_authentic(request),
    )


def event_time(stamp: int | None, delay: int | None, received_at: int) -> int:
    """The NAS's Event-Timestamp where its clock can be right, else our receipt less Acct-Delay-Time.

    A clock that stands at 1970 or runs on local time says nothing about when things happened.
    """
    sent_at = received_at - min(delay or 0, LONGEST_DELAY)
    if stamp is not None and abs(stamp - sent_at) <= CLOCK_TOLERANCE:
        return stamp
    return sent_at


def own_class(request: Request) -> str | None:
    """The first Class attribute that our Accept can have set; a NAS may add others (RFC 2865 section 5.25)."""
    for value in request.every(Attr.CLASS):
        if _CLASS.fullmatch(value):
            return value.decode()
    return None


def calling_mac(request: Request) -> Mac | None:
    return _mac_in(request.words(Attr.CALLING_STATION_ID) or "")


@lru_cache(maxsize=4096)
def _mac_in(station: str) -> Mac | None:
    """The same phones are heard of again and again."""
    try:
        return Mac.from_station_id(station)
    except ValueError:
        return None


def _address(value: bytes | None) -> str | None:
    return ".".join(map(str, value)) if value is not None and len(value) == 4 else None


def _seconds(request: Request, status: Status) -> int | None:
    """Acct-Session-Time where it can be true; a Start that tells none begins at its own time."""
    seconds = request.number(Attr.ACCT_SESSION_TIME)
    if seconds is not None and seconds > LONGEST_SESSION:
        return None
    if seconds is None and status is Status.START:
        return 0
    return seconds


def _authentic(request: Request) -> int | None:
    """Acct-Authentic: 1 RADIUS, 2 the NAS itself, 3 another server (RFC 2866 section 5.6)."""
    number = request.number(Attr.ACCT_AUTHENTIC)
    return number if number in (1, 2, 3) else None


def _octets(request: Request, low: int, gigawords: int) -> int | None:
    """Gigawords count how often the 32 bits wrapped (RFC 2869 section 5.1); alone they say nothing."""
    octets = request.number(low)
    return None if octets is None else min(MOST, ((request.number(gigawords) or 0) << 32) + octets)
