"""What the kernel is told of a client that may pass, and what it tells back: the seam of deciding and enforcing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol

from hotspot.mac import Mac

FIRST_MARK, LAST_MARK = 0x10, 0xFFFF  # a mark is a client's HTB class too, and a class's minor number has 16 bits


@dataclass(frozen=True)
class Admission:
    """One client online. Speeds are bit/s as the client sees them; ``expires_in`` is the kernel's own safety net."""

    mark: int
    mac: Mac
    addresses: tuple[IPv4Address | IPv6Address, ...]
    up: int
    down: int
    expires_in: int


@dataclass(frozen=True)
class Octets:
    """What a client has sent and been sent since it was admitted, headers of layer 3 included."""

    up: int = 0
    down: int = 0
    up_packets: int = 0
    down_packets: int = 0


class Enforcer(Protocol):
    """The kernel, or in unit tests a note of what it was told."""

    def install(self) -> None:
        """Load ruleset and classes; what is online already stays online, established flows go on."""

    def admit(self, admissions: Iterable[Admission]) -> None:
        """Let clients through, all in one batch; admitting one again renews its limits and safety net."""

    def cut(self, marks: Iterable[int]) -> dict[int, Octets]:
        """Stop clients at once, established flows too; the last counters of each."""

    def counters(self) -> dict[int, Octets]:
        """Of every client online, read in one batch."""

    def remove(self) -> None:
        """Leave no rule, class or address behind."""
