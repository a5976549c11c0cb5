"""What an Access-Accept allows, as each kind of NAS reads it (pure); what a kind does not know it ignores."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lab.nas.wire import Key, Reply

SESSION_TIMEOUT, IDLE_TIMEOUT, INTERIM = 27, 28, 85
MIKROTIK, COOVA, WISPR = 14988, 14559, 14122
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}


@dataclass(frozen=True)
class Limits:
    """None is no limit. ``input`` is from the client (its upload); speeds are bit/s."""

    seconds: int | None = None
    idle: int | None = None
    interim: int | None = None
    input: int | None = None
    output: int | None = None
    total: int | None = None
    up: int | None = None
    down: int | None = None


def of_mikrotik(reply: Reply) -> Limits:
    """Recv-Limit 1, Xmit-Limit 2, Total-Limit 17 with Gigawords 14, 15, 18; Rate-Limit 8 before WISPr's speeds."""
    up, down = rates(reply.text((MIKROTIK, 8)))
    return Limits(
        **_common(reply),
        input=_octets(reply, (MIKROTIK, 1), (MIKROTIK, 14)),
        output=_octets(reply, (MIKROTIK, 2), (MIKROTIK, 15)),
        total=_octets(reply, (MIKROTIK, 17), (MIKROTIK, 18)),
        up=up or _positive(reply, (WISPR, 7)),
        down=down or _positive(reply, (WISPR, 8)),
    )


def of_coovachilli(reply: Reply) -> Limits:
    """Max-Input/Output/Total-Octets 1-3 with Gigawords 21-23; kbit/s of its own (4, 5) override WISPr's bit/s."""
    up, down = (_positive(reply, (COOVA, key)) for key in (4, 5))
    return Limits(
        **_common(reply),
        input=_octets(reply, (COOVA, 1), (COOVA, 21)),
        output=_octets(reply, (COOVA, 2), (COOVA, 22)),
        total=_octets(reply, (COOVA, 3), (COOVA, 23)),
        up=up * 1000 if up else _positive(reply, (WISPR, 7)),
        down=down * 1000 if down else _positive(reply, (WISPR, 8)),
    )


def rates(text: str) -> tuple[int | None, int | None]:
    """The first word of a Mikrotik-Rate-Limit, ``rx[/tx]``; rx is the client's upload, and one number is both."""
    match = re.match(r"(\d+)([kMG]?)(?:/(\d+)([kMG]?))?(?:\s|$)", text)
    if match is None:
        return None, None
    up = int(match[1]) * _UNITS[match[2]]
    down = int(match[3]) * _UNITS[match[4]] if match[3] else up
    return up or None, down or None


def _common(reply: Reply) -> dict[str, int | None]:
    """An Acct-Interim-Interval under 60 seconds is ignored (RFC 2869 section 5.16)."""
    interim = reply.number(INTERIM)
    return {
        "seconds": _positive(reply, SESSION_TIMEOUT),
        "idle": _positive(reply, IDLE_TIMEOUT),
        "interim": interim if interim is not None and interim >= 60 else None,
    }


def _positive(reply: Reply, key: Key) -> int | None:
    return reply.number(key) or None


def _octets(reply: Reply, low: Key, high: Key) -> int | None:
    """The low 32 bits and their Gigawords; zero, and nothing, mean no limit."""
    return ((reply.number(high) or 0) << 32 | (reply.number(low) or 0)) or None
