"""The contract of a controller: it lets a client of its network in and out when asked, and tells who is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hotspot.allowance import Limits
from hotspot.mac import Mac


class Silent(Exception):
    """Nobody answered, or not with what can be understood, or the client is not to be seen yet: worth another try."""


class Denied(Exception):
    """It said no, and would again."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom to let in: ``place`` is the access point's MAC as twelve hex digits, or empty."""

    mac: Mac
    place: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Seen:
    """A client that the controller knows; octets as the client sees them, since it came, which may begin anew.

    ``cause`` is why it is out, where the controller says so.
    """

    mac: Mac
    is_in: bool
    address: str | None = None
    upload: int | None = None
    download: int | None = None
    cause: int | None = None


class Controller(Protocol):
    """Called from threads; each call asks the controller and may raise Silent or Denied.

    ``limits`` is True where ``admit`` tells them, and tells them again to one who is in. ``every``: seconds between two
    calls of ``clients``; ``is_asked`` is False where that asks our own database for what the box has told.
    """

    limits: bool
    every: int
    is_asked: bool

    def admit(self, guest: Guest) -> None:
        """Saying it again is saying it once; a client that is not a guest of this network is Denied."""

    def look(self, mac: Mac) -> Seen | None: ...

    def end(self, mac: Mac) -> None:
        """A client that is in no longer counts as ended."""

    def clients(self) -> list[Seen]: ...
