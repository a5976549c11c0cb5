"""openNDS' authmon: what it asks of a FAS at level 3, and the answers in its own words (pure).

Source: authmon.sh and fas-aes-https.php of openNDS 9.10, and their successors in v11, which speak the same. It proves
itself by the sha256 of its gateway's name alone, which at this level no visitor is shown.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from hotspot.mac import Mac

MOST = 4  # authmon lets in so many a turn, and cuts its list at 1024 characters
LONGEST = 16384  # of a few hundred clients; a form may be no longer
_GATEWAY = re.compile(r"[0-9a-f]{64}")
_TOKEN = re.compile(r"[0-9a-f]{64}")
# Its word for the end, as Acct-Terminate-Cause (RFC 2866 section 5.10).
CAUSES = {"client": 1, "idle": 4, "timeout": 5, "ndsctl": 6, "downquota": 10, "upquota": 10, "shutdown": 11}


@dataclass(frozen=True, slots=True)
class View:
    """It wants to know whom to let in, or says whom it did."""

    gateway: str
    done: tuple[str, ...] = ()
    asks: bool = True


@dataclass(frozen=True, slots=True)
class Left:
    """A client is out again; octets as the client sees them."""

    gateway: str
    mac: Mac
    cause: int
    upload: int
    download: int


@dataclass(frozen=True, slots=True)
class Inside:
    """A client that is in; octets as the client sees them, as far as the box tells them: in whole KiB."""

    mac: Mac
    upload: int
    download: int


@dataclass(frozen=True, slots=True)
class Clients:
    """Everybody who is in, as our own line in the box's crontab tells it (hotspot/nas/opennds.py)."""

    gateway: str
    inside: tuple[Inside, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """``clear``, ``custom`` and what a later version may say: acknowledged, and nothing follows."""

    gateway: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A client to be let in: whole minutes, kbit/s, kB; 0 is the box's own default."""

    token: str
    minutes: int
    up: int
    down: int
    up_kilobytes: int
    down_kilobytes: int
    custom: str


def read(what: str, gateway: str, payload: str) -> View | Left | Clients | Other | None:
    """None for what no authmon sends."""
    if not _GATEWAY.fullmatch(gateway) or len(payload) > LONGEST:
        return None
    try:
        text = base64.b64decode(payload, validate=True).decode()
    except ValueError:
        return None
    if what == "view":
        done = tuple(word for word in text.split() if _TOKEN.fullmatch(word))
        return View(gateway, done, asks=text.strip() == "none")
    if what == "deauthed":
        return _left(gateway, text)
    if what == "custom" and text.split()[:1] == ["clients"]:
        return _clients(gateway, text.partition("clients")[2])
    return Other(gateway)


def leaving(macs: Iterable[Mac]) -> str:
    """Whom the box shall end, one word each."""
    return " ".join(["*", *(mac.colons for mac in macs)])


def listed(entries: Iterable[Entry]) -> str:
    """``*`` and the entries; with none it is ``*`` still: an empty answer makes authmon do nothing at all."""
    return " ".join(["*", *(quote(_words(entry), safe="") for entry in list(entries)[:MOST])])


def _words(entry: Entry) -> str:
    custom = base64.b64encode(entry.custom.encode()).decode()
    numbers = (entry.minutes, entry.up, entry.down, entry.up_kilobytes, entry.down_kilobytes)
    return " ".join([entry.token, *(str(number) for number in numbers), custom])


def _clients(gateway: str, text: str) -> Clients | None:
    """``02:11:22:33:44:55 upload download,…`` in KiB."""
    found = []
    for line in filter(str.strip, text.split(",")):
        words = line.split()
        if len(words) != 3 or not all(_is_number(word) for word in words[1:]):
            return None
        try:
            found.append(Inside(Mac.parse(words[0]), int(words[1]) * 1024, int(words[2]) * 1024))
        except ValueError:
            return None
    return Clients(gateway, tuple(found))


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= 18


def _left(gateway: str, text: str) -> Left | None:
    """``method=idle_deauth, clientmac=…, bytes_incoming=…``: incoming is what came in for the client, its download."""
    fields = dict(part.split("=", 1) for part in text.split(", ") if "=" in part)
    cause = CAUSES.get(fields.get("method", "").removesuffix("_deauth"))
    octets = [fields.get(name, "") for name in ("bytes_incoming", "bytes_outgoing")]
    if cause is None or not all(map(_is_number, octets)):
        return None
    try:
        return Left(gateway, Mac.parse(fields.get("clientmac", "")), cause, int(octets[1]), int(octets[0]))
    except ValueError:
        return None
