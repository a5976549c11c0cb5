"""Several RADIUS processes behind the same two ports: started, replaced when they end, and ended together."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence

from hotspot.command import FINE, run
from hotspot.log import event
from radius.sockets import Sockets

_log = logging.getLogger(__name__)
_TOLD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
HASTY_SECONDS = 5.0  # a worker that gives up so soon would give up again
PAUSE_SECONDS = 0.2  # before the next attempt, so that nothing can spin

Work = Callable[[int, Sockets, Callable[[], None]], None]


class Crew:
    """The parent holds all sockets open: what comes while a worker is replaced waits for the next one."""

    def __init__(self, sockets: Sequence[Sockets], work: Work, ready: Callable[[], None]) -> None:
        """``work`` is a worker's whole life; ``ready`` is called when all of them serve for the first time."""
        self._sockets = sockets
        self._work = work
        self._ready = ready
        self._places: dict[int, int] = {}
        self._since: dict[int, float] = {}
        self._is_ending = False

    def run(self) -> int:
        """Until told to end, or until a worker gives up at once; the exit code."""
        for number in _TOLD:
            signal.signal(number, self._pass_on)
        hear, tell = os.pipe()
        for place in range(len(self._sockets)):
            self._start(place, tell)
        os.close(tell)
        if _all_said(hear, len(self._sockets)):
            self._ready()
        return self._watch()

    def _watch(self) -> int:
        code = FINE
        while self._places:
            pid, status = os.wait()
            place, lived = self._places.pop(pid), time.monotonic() - self._since.pop(pid)
            if self._is_ending:
                continue
            if os.WIFEXITED(status) and os.WEXITSTATUS(status) and lived < HASTY_SECONDS:
                code = os.WEXITSTATUS(status)
                self._pass_on(signal.SIGTERM)
                continue
            event(_log, logging.WARNING, "a worker ended and is replaced", status=os.waitstatus_to_exitcode(status))
            time.sleep(PAUSE_SECONDS)
            self._start(place, None)
        return code

    def _start(self, place: int, tell: int | None) -> None:
        """Signals wait while there are two of us, so that none is taken for the other's."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _TOLD)
        if not self._is_ending:
            pid = os.fork()
            if pid == 0:
                os._exit(self._live(place, tell))
            self._places[pid], self._since[pid] = place, time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TOLD)

    def _live(self, place: int, tell: int | None) -> int:
        """In the worker."""
        for number in _TOLD:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TOLD)

        def story(_argv: Sequence[str] | None) -> int:
            self._work(place, self._sockets[place], lambda: None if tell is None else _say(tell))
            return FINE

        code = run(story)
        sys.stdout.flush()
        sys.stderr.flush()
        return code

    def _pass_on(self, number: int, _frame: object = None) -> None:
        self._is_ending = self._is_ending or number != signal.SIGHUP
        for pid in list(self._places):
            os.kill(pid, number if number == signal.SIGHUP else signal.SIGTERM)


def _say(tell: int) -> None:
    os.write(tell, b".")
    os.close(tell)


def _all_said(hear: int, count: int) -> bool:
    """False when one of them ended before it served."""
    said = 0
    while said < count and (heard := os.read(hear, count)):
        said += len(heard)
    os.close(hear)
    return said == count
