"""The thread that commits: whatever has arrived while the last transaction ran is the next one."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from radius.books import Outcome, Work

MOST_PER_BATCH = 512
MOST_WAITING = 8192  # pieces of work; more would be answered after the NAS has given up


@dataclass(frozen=True, slots=True)
class Job:
    """Work, and whom to tell its outcome.

    ``record`` is what the journal may keep of it while the database is away: empty where it is only asked whether the
    journal would (Status-Server), None where nothing but the database will do.
    """

    work: Work
    tell: Callable[[Outcome], None]
    record: bytes | None = None


Commit = Callable[[Sequence[Job]], list[Outcome]]
Deliver = Callable[[Sequence[tuple[Job, Outcome]]], None]


class Writer:
    """``deliver`` is called in the writing thread with what was committed, in the order of submission."""

    def __init__(self, commit: Commit, deliver: Deliver) -> None:
        self._commit = commit
        self._deliver = deliver
        self._queue: queue.SimpleQueue[Sequence[Job] | None] = queue.SimpleQueue()
        self._waiting = 0
        self._since: float | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)

    @property
    def waiting(self) -> int:
        return self._waiting

    @property
    def lag(self) -> float:
        """Seconds since the commit began that is not done yet."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    def start(self) -> None:
        self._thread.start()

    def submit(self, jobs: Sequence[Job]) -> bool:
        """False when too much is waiting already: the jobs were not taken."""
        with self._lock:
            if self._waiting + len(jobs) > MOST_WAITING:
                return False
            self._waiting += len(jobs)
        self._queue.put(jobs)
        return True

    def finish(self, seconds: float) -> bool:
        """Commit what was submitted and end; False when that took longer than ``seconds``."""
        self._queue.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        goes_on = True
        while goes_on:
            batch, goes_on = self._next_batch()
            if batch:
                self._since = time.monotonic()
                outcomes = self._commit(batch)
                self._since = None
                with self._lock:
                    self._waiting -= len(batch)
                self._deliver(list(zip(batch, outcomes, strict=True)))

    def _next_batch(self) -> tuple[list[Job], bool]:
        batch: list[Job] = []
        while len(batch) < MOST_PER_BATCH:
            try:
                jobs = self._queue.get(block=not batch)
            except queue.Empty:
                break
            if jobs is None:
                return batch, False
            batch.extend(jobs)
        return batch, True
