"""Where visitors are lost on their way, by place and family of browser: sums alone, nothing of any one visitor."""

from __future__ import annotations

import threading
from collections import Counter
from enum import StrEnum
from functools import lru_cache


class Step(StrEnum):
    """``ACCEPT`` and ``TRAFFIC`` are found out later, in what RADIUS wrote of the grant."""

    PROBE = "probe"
    PAGE = "page"
    SUBMIT = "submit"
    ACCEPT = "accept"
    TRAFFIC = "traffic"


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


class Tally:
    """Counts in memory until somebody takes them away to write them down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def count(self, site: str, family: str, what: str) -> None:
        with self._lock:
            self._counts[site, family, what] += 1

    def take(self) -> dict[tuple[str, str, str], int]:
        with self._lock:
            taken, self._counts = self._counts, Counter()
        return dict(taken)
