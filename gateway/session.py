"""One client's stay at this door as a frozen value, and what its counters and the time make of it (pure)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from math import ceil
from typing import Any

from gateway.admission import Admission, Octets
from hotspot.allowance import Limits
from hotspot.mac import Mac

NOTHING = Octets()
NET_SECONDS = 120  # the kernel ends a stay by itself so long after its time, should this process not be there to do it

Address = IPv4Address | IPv6Address


class Cause(IntEnum):
    """Acct-Terminate-Cause (RFC 2866 section 5.10)."""

    USER_REQUEST = 1
    LOST_CARRIER = 2
    IDLE_TIMEOUT = 4
    SESSION_TIMEOUT = 5
    ADMIN_RESET = 6
    ADMIN_REBOOT = 7
    NAS_REQUEST = 10
    NAS_REBOOT = 11


@dataclass(frozen=True)
class Session:
    """``earlier`` is what kernels counted before the present one, which began at zero again; ``kernel`` what it says.

    ``classes`` are the Class attributes of the Accept, in hex: what they hold is the server's own business.
    ``by_radius`` is False where the site's ``radius_down`` let the client through.
    ``told_at`` is when RADIUS was last told of the stay, ``active_at`` when the client was last seen to send.
    """

    id: str
    mark: int
    mac: Mac
    addresses: tuple[Address, ...]
    user_name: str
    classes: tuple[str, ...]
    limits: Limits
    started_at: float
    told_at: float
    active_at: float
    by_radius: bool = True
    earlier: Octets = NOTHING
    kernel: Octets = NOTHING

    @property
    def total(self) -> Octets:
        return added(self.earlier, self.kernel)

    @property
    def ends_at(self) -> float:
        return self.started_at + self.limits.seconds

    def admission(self, now: float) -> Admission:
        net = max(0, ceil(self.ends_at - now)) + NET_SECONDS
        return Admission(self.mark, self.mac, self.addresses, self.limits.up, self.limits.down, net)


def counted(session: Session, reading: Octets, now: float) -> Session:
    """A counter that went back belongs to a kernel that began anew; only what the client sends keeps it from idling."""
    went_back = reading.up < session.kernel.up or reading.down < session.kernel.down
    before = begun_anew(session) if went_back else session
    active = reading.up_packets != before.kernel.up_packets or reading.up != before.kernel.up
    return replace(before, kernel=reading, active_at=now if active else session.active_at)


def begun_anew(session: Session) -> Session:
    """The same stay under a kernel whose counters begin at zero."""
    return replace(session, earlier=session.total, kernel=NOTHING)


def is_over(session: Session, now: float) -> Cause | None:
    """The limit that a stay has met; RADIUS has no cause for used-up data, so it is the NAS's own request."""
    if now >= session.ends_at:
        return Cause.SESSION_TIMEOUT
    total, most = session.total, session.limits.octets
    if most is not None and total.up + total.down >= most:
        return Cause.NAS_REQUEST
    if session.limits.idle and now - session.active_at >= session.limits.idle:
        return Cause.IDLE_TIMEOUT
    return None


def is_due(session: Session, now: float) -> bool:
    return now - session.told_at >= session.limits.interim


def added(a: Octets, b: Octets) -> Octets:
    return Octets(a.up + b.up, a.down + b.down, a.up_packets + b.up_packets, a.down_packets + b.down_packets)


def to_plain(session: Session) -> dict[str, Any]:
    """What goes to disk."""
    return vars(session) | {
        "mac": session.mac.digits,
        "addresses": [str(address) for address in session.addresses],
        "limits": vars(session.limits),
        "earlier": vars(session.earlier),
        "kernel": vars(session.kernel),
    }


def from_plain(row: dict[str, Any]) -> Session:
    known = row | {
        "mac": Mac(row["mac"]),
        "addresses": tuple(ip_address(text) for text in row["addresses"]),
        "classes": tuple(row["classes"]),
        "limits": Limits(**row["limits"]),
        "earlier": Octets(**row["earlier"]),
        "kernel": Octets(**row["kernel"]),
    }
    return Session(**known)
