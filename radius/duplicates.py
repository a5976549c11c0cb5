"""Packets that a NAS sends again get the same octets back, and nothing is done twice (RFC 5080 section 2.2.2)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

KEEP_SECONDS = 30.0  # the upper end of RFC 5080: CoovaChilli tries four times, ten seconds apart
MOST_PER_NAS = 4096

Key = tuple[str, int, int, int]  # source address and port, Identifier, receiving socket


@dataclass(slots=True)
class Entry:
    """A request that was seen and believed; ``reply`` is None while it is worked on."""

    octets: bytes
    until: float
    reply: bytes | None = None


class Duplicates:
    """One NAS's recent requests, the oldest forgotten first, so that no flood of ports can fill the memory."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Key, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def same(self, key: Key, octets: bytes, now: float) -> Entry | None:
        """The very same octets: what was believed once needs no second proof, which is most of a packet's cost."""
        entry = self._entries.get(key)
        return entry if entry is not None and entry.octets == octets and entry.until >= now else None

    def find(self, key: Key, authenticator: bytes, now: float) -> Entry | None:
        """The same packet seen before; another packet under its key has made it obsolete."""
        entry = self._entries.get(key)
        if entry is None or entry.until < now or entry.octets[4:20] != authenticator:
            return None
        return entry

    def open(self, key: Key, octets: bytes, now: float) -> Entry:
        self._purge(now)
        entry = Entry(octets, now + KEEP_SECONDS)
        self._entries[key] = entry
        self._entries.move_to_end(key)
        return entry

    def forget(self, key: Key, entry: Entry) -> None:
        """It came to nothing; when it is sent again it is new."""
        if self._entries.get(key) is entry:
            del self._entries[key]

    def _purge(self, now: float) -> None:
        while self._entries:
            oldest = next(iter(self._entries.values()))
            if oldest.until >= now and len(self._entries) < MOST_PER_NAS:
                return
            self._entries.popitem(last=False)
