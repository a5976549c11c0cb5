"""Accounting records as a NAS writes them when something happens; the delay is added when they leave (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from lab.nas.client import Online
from lab.nas.stay import Cause, Counters
from lab.nas.wire import Key, number

Named = list[tuple[Key, bytes]]


class Status(IntEnum):
    """Acct-Status-Type (RFC 2866 section 5.1)."""

    START = 1
    STOP = 2
    INTERIM = 3
    ON = 7
    OFF = 8


@dataclass
class Record:
    """``session`` is the lab's key of a stay; a record of the NAS itself has none."""

    status: Status
    attributes: Named
    happened_at: float
    session: str = ""
    counters: Counters = field(default_factory=Counters)
    tries: int = 0


def of_nas(status: Status, name: Named, now: float) -> Record:
    """Accounting-On and -Off; Acct-Session-Id must be there all the same (RFC 2866 section 5.13)."""
    return Record(status, [*_head(status, now), (44, b"00000000"), *name], now)


def of_stay(status: Status, about: Named, online: Online, now: float, cause: Cause | None = None) -> Record:
    """``about`` is what the Access-Request said of client and NAS, Acct-Session-Id among it; every Class comes back."""
    counters = online.counters(now)
    attributes = [*_head(status, now), (1, online.user_name.encode()), *about]
    attributes += [(25, value) for value in online.classes]
    if status in (Status.STOP, Status.INTERIM):
        attributes += _usage(counters)
    if cause is not None:
        attributes.append((49, number(cause)))
    return Record(status, attributes, now, online.key, counters)


def fallen_back(record: Record, about: Named, online: Online) -> Record:
    """The same report again, at the same time, with the counters of half the way: what a server must not believe."""
    began = online.stay.began
    earlier = of_stay(record.status, about, online, began + (record.happened_at - began) / 2)
    stamped = [
        (55, number(int(record.happened_at))) if key == 55 else (key, value) for key, value in earlier.attributes
    ]
    return Record(record.status, stamped, record.happened_at, record.session, earlier.counters)


def _head(status: Status, now: float) -> Named:
    """Event-Timestamp is when it happened, not when it is sent (RFC 2869 section 5.3)."""
    return [(40, number(status)), (55, number(int(now)))]


def _usage(counters: Counters) -> Named:
    """Octets in their low 32 bits with the Gigawords beside them (RFC 2869 sections 5.1 and 5.2)."""
    return [
        (46, number(counters.seconds)),
        (42, number(counters.input)),
        (43, number(counters.output)),
        (52, number(counters.input >> 32)),
        (53, number(counters.output >> 32)),
    ]
