"""What visitors write to our number: a word that lets them in, or a report of a problem (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from captive_portal.entered import plain
from hotspot.sites import Sites

_ENTER = re.compile(r"\s*(?:kirim\s+)?masuk\W*(\d{4,6})\b", re.IGNORECASE)
_REPORT = re.compile(r"\s*(?:lapor|laporan|report|lapur)\b[\s:.,\-]*", re.IGNORECASE)
_WORDS = re.compile(r"[a-z0-9]+")
_COMMON = frozenset(("wifi", "di", "dan"))  # said of every place


@dataclass(frozen=True)
class Enter:
    word: str


@dataclass(frozen=True)
class Report:
    """``site`` is None where the text names no place, or two."""

    text: str
    site: str | None


def read(text: str, sites: Sites) -> Enter | Report | None:
    """None for anything else that is written to a number that everybody can read on a poster."""
    text = plain(text)
    if found := _ENTER.match(text):
        return Enter(found[1])
    if found := _REPORT.match(text):
        said = text[found.end() :].strip()
        return Report(said, _place(said, sites)) if said else None
    return None


def _place(said: str, sites: Sites) -> str | None:
    """The place of which most words were said; none when two are as likely."""
    words = set(_WORDS.findall(said.lower()))
    scores = sorted(
        ((len(words & (_said_of(site.name) | _said_of(site.id))), site.id) for site in sites.sites), reverse=True
    )
    best = scores[0]
    return best[1] if best[0] and (len(scores) == 1 or scores[1][0] < best[0]) else None


def _said_of(name: str) -> set[str]:
    return set(_WORDS.findall(name.lower())) - _COMMON
