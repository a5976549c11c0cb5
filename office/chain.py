"""The audit log's chain: each entry's hash covers the one before, so that none can be changed or left out (pure)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Entry:
    """Who did what to what, when; ``detail`` says the rest in words without anybody's address."""

    at: int
    by: str
    act: str
    subject: str
    detail: str = ""


@dataclass(frozen=True)
class Linked:
    """An entry as it stands in the store; a number may be skipped, the chain cannot be."""

    number: int
    entry: Entry
    previous: str
    hash: str


def link(entry: Entry, previous: str) -> str:
    """SHA-256 over the entry and the hash before it, written the same way on every machine."""
    text = json.dumps([previous, *asdict(entry).values()], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(entries: Iterable[Linked], previous: str | None = BEGINNING) -> str | None:
    """What is wrong at the first entry that does not fit, or None. ``previous`` is None where retention took the

    entries before: then the chain is believed from where it begins.
    """
    for one in entries:
        if previous is not None and one.previous != previous:
            return f"entry {one.number} does not follow the one before it: one is missing or was exchanged"
        if one.hash != link(one.entry, one.previous):
            return f"entry {one.number} was changed"
        previous = one.hash
    return None
