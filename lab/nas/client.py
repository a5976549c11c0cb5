"""A phone as its NAS sees it: where it is, what it asked for, whether it is online."""

from __future__ import annotations

from dataclasses import dataclass, field

from hotspot.mac import Mac
from lab.nas.stay import Appetite, Counters, Stay

BROWSER_APPETITE = Appetite(up=100_000, down=500_000)  # a browser that joined by itself is taken to read and look


@dataclass
class Online:
    """A stay that RADIUS accepted, with what every accounting record of it repeats."""

    stay: Stay
    session_id: str
    key: str
    user_name: str
    classes: list[bytes]

    def counters(self, now: float) -> Counters:
        return self.stay.counters(now)


@dataclass
class Client:
    """``session_id`` and ``challenge`` are those of the coming login; ``wanted`` is the page it asked for first."""

    address: str
    mac: Mac
    number: int
    appetite: Appetite = BROWSER_APPETITE
    online: Online | None = None
    challenge: bytes = b""
    challenge_at: float = 0.0
    session_id: str = ""
    wanted: str = ""
    busy: bool = field(default=False)


@dataclass(frozen=True)
class Credentials:
    """PAP has a password; CHAP has the challenge and the Ident octet with its 16 octets (RFC 2865 section 5.3)."""

    user_name: str
    password: bytes | None = None
    chap: tuple[bytes, bytes] | None = None


@dataclass(frozen=True)
class Verdict:
    """``answered`` is False when RADIUS stayed silent; ``message`` is its Reply-Message."""

    accepted: bool
    answered: bool = True
    message: str = ""
