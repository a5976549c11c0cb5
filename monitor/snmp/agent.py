"""What the monitor asks of a device's SNMP agent and what comes back, whichever library does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hotspot.secret import Secret

Value = int | str
Rows = dict[str, dict[str, Value]]  # index (what follows the column's OID) -> column's OID -> value

TIMEOUT = 2.0  # real seconds for one request; RouterOS answers its first request after a pause late
TRIES = 2  # a lost datagram is not a dead device
BUDGET = 4  # requests of one poll that may be asked again; a path that loses more is not asked harder


class Trouble(StrEnum):
    """Why there is no answer, as far as can be told from here."""

    SILENT = "silent"  # dead, unreachable, or the community is wrong: SNMP v1 and v2c do not say which
    REFUSED = "refused"  # it answered, and does not accept the user or the key (RFC 3414 section 3.2)
    DISORDER = "disorder"  # its OIDs do not increase; the walk would never end
    CLOCK = (
        "clock"  # SNMPv3: it says that our time is not its time, just after it told us its time (RFC 3414 section 2.2)
    )
    TOO_BIG = "too-big"  # not even one value fits into its response
    BROKEN = "broken"  # an answer that makes no sense


@dataclass(frozen=True)
class SnmpError:
    trouble: Trouble
    text: str


@dataclass(frozen=True)
class Access:
    """Where an agent is and how it is asked. ``auth`` and ``priv`` are the algorithms' names of sites.yaml."""

    address: str
    port: int
    version: str  # 1 | 2c | 3
    community: Secret | None = None
    user: str = ""
    auth: str | None = None
    auth_secret: Secret | None = None
    priv: str | None = None
    priv_secret: Secret | None = None


@dataclass
class Fit:
    """How many values fit into one response of this device; halved when it says tooBig, and remembered."""

    values: int

    def halve(self) -> bool:
        self.values //= 2
        if self.values == 0:
            self.values = 1
            return False
        return True


@dataclass
class Budget:
    """How often a poll may ask again; :meth:`Agent.rest` fills it."""

    left: int = BUDGET

    def spend(self) -> bool:
        self.left -= 1
        return self.left >= 0

    def fill(self) -> None:
        self.left = BUDGET


class Agent(Protocol):
    """One device's agent. Whoever holds it polls one thing at a time."""

    async def scalars(self, oids: Sequence[str]) -> dict[str, Value] | SnmpError:
        """Values by OID; what the agent does not have is left out."""

    async def table(self, columns: Sequence[str], so_far: Rows | None = None, /) -> Rows | SnmpError:
        """Rows of the columns, joined by their index; a cell that the agent does not have is left out.

        The first column is one that every row has; a row without it may be left out. ``so_far`` is filled with
        complete rows as they come, for whoever cannot wait for the last.
        """

    def rest(self) -> None:
        """Let go of sockets and keys' sessions until the next poll."""


def numbers(oid: str) -> tuple[int, ...]:
    return tuple(int(part) for part in oid.split("."))


def index_below(column: str, oid: str) -> str | None:
    """The row's index, or None when the OID is not in the column."""
    return oid[len(column) + 1 :] if oid.startswith(column + ".") else None


def plain(value: object) -> Value | None:
    """A library's value as a number or text; octets that are not text become hexadecimal digits."""
    if value is None or isinstance(value, (int, str)):
        return value
    if not isinstance(value, bytes):
        return str(value)
    try:
        text = value.decode().rstrip("\0")
    except UnicodeDecodeError:
        return value.hex()
    return text if text.isprintable() or all(c.isprintable() or c in "\r\n\t" for c in text) else value.hex()


def silent(access: Access) -> SnmpError:
    hint = "" if access.version == "3" else " (or the community is wrong)"
    return SnmpError(Trouble.SILENT, f"no answer from UDP port {access.port} in {TRIES} tries of {TIMEOUT:g} s{hint}")


def refused(why: str) -> SnmpError:
    return SnmpError(Trouble.REFUSED, f"the device answers and refuses our SNMP user or key: {why}")


def clock_fault() -> SnmpError:
    text = "its SNMPv3 clock is at fault: it refuses the time that it has just told us (notInTimeWindow)"
    return SnmpError(Trouble.CLOCK, text)


def disorder(column: str) -> SnmpError:
    return SnmpError(Trouble.DISORDER, f"the OIDs of {column} do not increase")
