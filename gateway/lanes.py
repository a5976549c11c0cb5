"""In which order reports go out: of one stay one by one, of many side by side, none past an On or Off (pure)."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass

from gateway.accounting import Record, Status

PATIENCE = 3  # times that living servers may ignore an On or Off


@dataclass(frozen=True, slots=True)
class Entry:
    """A report and its place in the order in which they were made."""

    number: int
    record: Record


class Lanes:
    """The reports that no server has acknowledged, each stay's in a lane; On and Off wait for all before them."""

    def __init__(self) -> None:
        self._lanes: OrderedDict[str, deque[Entry]] = OrderedDict()
        self._out: set[str] = set()
        self._behind: deque[Entry] = deque()  # from the first On or Off that has to wait
        self._is_shut = False  # the lane of an On or Off holds up all behind it
        self._ignored: dict[str, int] = {}  # how often living servers ignored an On or Off
        self._passed = 0  # how many of these are held up by nobody any more
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, entry: Entry) -> None:
        self._count += 1
        if self._behind or self._is_shut or (_is_gate(entry) and not self._is_clear()):
            self._behind.append(entry)
        else:
            self._enter(entry)

    def take(self) -> Entry | None:
        """The next report that may be sent now; its lane is closed until it is done or given back."""
        for session, lane in self._lanes.items():
            if session not in self._out:
                self._out.add(session)
                return lane[0]
        return None

    def done(self, entry: Entry) -> None:
        """A server has it."""
        session = entry.record.session
        self._out.discard(session)
        self._count -= 1
        self._lanes[session].popleft()
        if self._lanes[session]:
            self._lanes.move_to_end(session)
            return
        del self._lanes[session]
        if self._ignored.pop(session, 0) >= PATIENCE:
            self._passed -= 1
        if self._is_clear():
            self._let_in()

    def give_back(self, entry: Entry, *, is_ignored: bool = False) -> None:
        """Nobody answered: it stays the first of its stay, and the other stays come first now.

        An On or Off that living servers go on ignoring holds up nobody any more.
        """
        session = entry.record.session
        self._out.discard(session)
        self._lanes.move_to_end(session)
        if is_ignored and _is_gate(entry):
            self._ignored[session] = self._ignored.get(session, 0) + 1
            if self._ignored[session] == PATIENCE:
                self._passed += 1
                self._let_in()

    def _is_clear(self) -> bool:
        return len(self._lanes) == self._passed

    def thin(self) -> list[Entry]:
        """Drop the interims that a later report of the same stay covers; what was dropped."""
        dropped: list[Entry] = []
        seen: set[str] = set()
        self._behind = self._thinned(self._behind, seen, dropped)
        for session, lane in self._lanes.items():
            self._lanes[session] = self._thinned(lane, seen, dropped)
        self._count -= len(dropped)
        return dropped

    def _thinned(self, entries: deque[Entry], seen: set[str], dropped: list[Entry]) -> deque[Entry]:
        """From the last to the first; the one that is being sent stays the head of its lane."""
        kept: deque[Entry] = deque()
        for entry in reversed(entries):
            session = entry.record.session
            is_out = session in self._out and entry is entries[0]
            if entry.record.status is Status.INTERIM and session in seen and not is_out:
                dropped.append(entry)
            else:
                kept.appendleft(entry)
            seen.add(session)
        return kept

    def _let_in(self) -> None:
        """All before is done: an On or Off goes alone, others go until the next of these."""
        self._is_shut = False
        if self._behind and _is_gate(self._behind[0]):
            self._enter(self._behind.popleft())
            return
        while self._behind and not _is_gate(self._behind[0]):
            self._enter(self._behind.popleft())

    def _enter(self, entry: Entry) -> None:
        self._is_shut = _is_gate(entry)
        self._lanes.setdefault(entry.record.session, deque()).append(entry)


def _is_gate(entry: Entry) -> bool:
    return entry.record.status in (Status.ON, Status.OFF)
