"""The way back from the journals into the database: in order, each record once, however often it is interrupted."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from hotspot.log import event
from radius.books import Books, DatabaseAway, Mark, Probe
from radius.journal import START, Journal
from radius.measures import Measures
from radius.record import work_of
from radius.shelf import Shelf

_log = logging.getLogger(__name__)
MOST_PER_STEP = 256


class Replay:
    """Used by one thread, while the writing thread appends to the same shelf."""

    def __init__(self, books: Books, shelf: Shelf, measures: Measures) -> None:
        self._books = books
        self._shelf = shelf
        self._measures = measures

    def step(self) -> None:
        """Apply the next records, or ask whether the database is there; DatabaseAway is raised when it is not."""
        journal = self._shelf.front()
        if journal is None:
            self._books.apply([Probe()])
            return
        position = self._position(journal)
        records, after = journal.read(position, MOST_PER_STEP)
        if not records and after < journal.end:
            told = "a place of a journal is damaged; what lay there is lost"
            event(_log, logging.ERROR, told, octets=after - position)
        self._apply(records, Mark(journal.name, after))
        self._shelf.advance(journal, after)
        self._measures.replayed(len(records))

    def _position(self, journal: Journal) -> int:
        """A journal that a dead process left may have been applied in part."""
        known = self._shelf.applied_to(journal)
        return known if known is not None else self._books.applied_to(journal.name) or START

    def _apply(self, records: Sequence[bytes], mark: Mark) -> None:
        try:
            self._books.apply([work_of(record) for record in records], mark)
        except DatabaseAway:
            raise
        except Exception:  # noqa: BLE001 - one record's bug must not hold up the others
            self._apply_apart(records, mark)

    def _apply_apart(self, records: Sequence[bytes], mark: Mark) -> None:
        """Their mark comes last: after a crash in between some are merged once more, which changes nothing."""
        for record in records:
            try:
                self._books.apply([work_of(record)])
            except DatabaseAway:
                raise
            except Exception:  # noqa: BLE001 - as above
                self._shelf.set_aside(record)
                _log.exception("a record of a journal could not be booked and was set aside")
        self._books.apply([], mark)
