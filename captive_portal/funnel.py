"""Where visitors are lost on their way, by place and family of browser: sums alone, nothing of any one visitor."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache


class Step(StrEnum):
    """``ACCEPT`` and ``TRAFFIC`` are found out later, in what RADIUS wrote of the grant."""

    PROBE = "probe"
    PAGE = "page"
    SUBMIT = "submit"
    ACCEPT = "accept"
    TRAFFIC = "traffic"


FOLLOW = 900  # seconds; who has no traffic by then will have none
REFUSED = "refused"  # by the portal itself, with the reason as its kind
WAY_IN = "way-in"  # counted with the whole seconds from the page to the first report of the session as its kind
LONGEST = 900  # seconds; what took longer is counted as this
MOST = 5000  # grants followed at once; in a greater rush the oldest are let go

# The first that fits counts; most browsers name others beside themselves.
_FAMILIES = (
    ("captivenetworksupport", "apple"),
    ("miuibrowser", "xiaomi"),
    ("heytapbrowser", "oppo"),
    ("vivobrowser", "vivo"),
    ("samsungbrowser", "samsung"),
    ("ucbrowser", "uc"),
    ("opr/", "opera"),
    ("edg", "edge"),
    ("firefox", "firefox"),
    ("fxios", "firefox"),
    ("; wv)", "android-window"),
    ("android", "android"),
    ("iphone", "apple"),
    ("ipad", "apple"),
    ("macintosh", "apple"),
    ("windows", "windows"),
    ("microsoft ncsi", "windows"),
    ("linux", "linux"),
)
FAMILIES = frozenset(name for _, name in _FAMILIES) | {"other"}

# How the checks of phones and laptops name themselves; Android's pretends to be Chrome 60 on Linux.
_PROBERS = ("captivenetworksupport", "microsoft ncsi", "chrome/60.0.3112.32", "dalvik/", "networkmanager")


@lru_cache(maxsize=1024)
def family_of(agent: str) -> str:
    lower = agent[:512].lower()
    return next((name for sign, name in _FAMILIES if sign in lower), "other")


@lru_cache(maxsize=1024)
def is_probe(agent: str) -> bool:
    lower = agent[:512].lower()
    return not lower or any(sign in lower for sign in _PROBERS)


@dataclass
class Followed:
    """A grant in memory, for as long as its fate is not known; ``steps`` are those that were counted.

    ``arrived`` is when the page was shown from which its visitor got in.
    """

    grant_id: str
    site: str
    family: str
    at: float
    arrived: float
    steps: set[Step] = field(default_factory=set)
    timed: bool = False


class Tally:
    """Counts in memory until somebody takes them away to write them down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._followed: deque[Followed] = deque(maxlen=MOST)

    def count(self, site: str, family: str, what: str, number: int = 1) -> None:
        with self._lock:
            self._counts[site, family, what] += number

    def follow(self, grant_id: str, site: str, family: str, now: float, arrived: float) -> None:
        """Somebody was given a grant: whether they got in, and after how long, is to be found out later."""
        with self._lock:
            self._followed.append(Followed(grant_id, site, family, now, arrived))

    def came_in(self, one: Followed, started_at: float) -> None:
        """Once a grant: how long it took from the page to the session."""
        if not one.timed:
            one.timed = True
            self.count(one.site, str(min(LONGEST, max(0, round(started_at - one.arrived)))), WAY_IN)

    def followed(self, now: float) -> list[Followed]:
        """Those whose fate is not known yet; who was followed for long enough is let go."""
        with self._lock:
            self._followed = deque((one for one in self._followed if now - one.at <= FOLLOW), MOST)
            return list(self._followed)

    def take(self) -> dict[tuple[str, str, str], int]:
        with self._lock:
            taken, self._counts = self._counts, Counter()
        return dict(taken)
