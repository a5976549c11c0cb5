"""Who keeps what a NAS reported, so that it may be acknowledged: the database, else the journal, else nobody."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from hotspot.log import event
from radius.books import Books, DatabaseAway, Done, Outcome, Undone
from radius.measures import Measures
from radius.replay import Replay
from radius.shelf import Shelf
from radius.writer import Job

_log = logging.getLogger(__name__)
RETRY_SECONDS = 1.0  # between two looks whether the database is back


class Custody:
    """``commit`` belongs to the writing thread. Its own thread takes what the journals hold back into the database.

    While a journal holds anything, new reports go behind it, so that those of one NAS stay in the order of arrival.
    """

    def __init__(self, books: Books, shelf: Shelf, measures: Measures, *, is_away: bool = False) -> None:
        self._books = books
        self._shelf = shelf
        self._measures = measures
        self._replay = Replay(books, shelf, measures)
        self._is_away = is_away
        self._is_full = False
        self._ending = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._mend, name="replay", daemon=True)

    @property
    def is_away(self) -> bool:
        return self._is_away

    def start(self) -> None:
        self._wake.set()
        self._thread.start()

    def finish(self, seconds: float) -> None:
        """What the journals still hold is applied after the next start."""
        self._ending.set()
        self._wake.set()
        self._thread.join(seconds)
        if not self._thread.is_alive():
            self._shelf.close()

    def commit(self, jobs: Sequence[Job]) -> list[Outcome]:
        """An outcome for each job; what the database could not take goes to the journal where that will do."""
        outcomes = self._ask_database(jobs)
        left = [number for number, outcome in enumerate(outcomes) if outcome == Undone(away=True)]
        kept = [number for number in left if jobs[number].record is not None]
        if kept and self._keep([jobs[number].record or b"" for number in kept]):
            for number in kept:
                outcomes[number] = Done()
        return outcomes

    def _ask_database(self, jobs: Sequence[Job]) -> list[Outcome]:
        is_behind = not self._shelf.is_empty
        asked = [] if self._is_away else [n for n, job in enumerate(jobs) if job.record is None or not is_behind]
        outcomes: list[Outcome] = [Undone(away=True)] * len(jobs)
        if asked:
            for number, outcome in zip(asked, self._books.commit([jobs[n].work for n in asked]), strict=True):
                outcomes[number] = outcome
            if any(outcomes[number] == Undone(away=True) for number in asked):
                self._is_away = True
                self._wake.set()
        return outcomes

    def _keep(self, records: Sequence[bytes]) -> bool:
        """An empty record only asks whether one could be kept."""
        real = [record for record in records if record]
        try:
            self._shelf.append(real) if real else self._shelf.prove()
        except OSError as error:
            self._note_full(error)
            return False
        self._is_full = False
        self._measures.journaled(len(real))
        self._wake.set()
        return True

    def _note_full(self, error: OSError) -> None:
        if not self._is_full:
            told = "the journal takes no more; NASes get no answer until it or the database does"
            event(_log, logging.ERROR, told, reason=error.strerror)
        self._is_full = True

    def _mend(self) -> None:
        while not self._ending.is_set():
            if not self._is_away and self._shelf.is_empty:
                self._wake.wait()
                self._wake.clear()
            elif not self._step():
                self._ending.wait(RETRY_SECONDS)

    def _step(self) -> bool:
        """False when it is better to wait before the next."""
        try:
            self._replay.step()
        except DatabaseAway:
            self._is_away = True
            return False
        except Exception:  # noqa: BLE001 - the thread goes on, and says once a second what is wrong
            _log.exception("what the journal holds could not be applied")
            return False
        self._is_away = False
        return True
