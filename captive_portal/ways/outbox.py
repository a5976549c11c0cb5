"""Messages leave in the background: a slow provider holds no visitor's page. What became of each is written down."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from captive_portal.ways import otp_book
from hotspot.clock import Clock, local_month
from hotspot.log import event
from hotspot.senders import Message, Trouble
from hotspot.senders.desk import Desk, Sent
from hotspot.sites import Sites
from hotspot.store import Store, StoreAway

log = logging.getLogger(__name__)

AT_ONCE = 8  # of one process
NOT_SENT = "not-sent"  # to a number that has had enough codes; its page looks like any other


@dataclass
class Outbox:
    store: Store
    sites: Sites
    clock: Clock
    desk: Desk
    _turns: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))
    _running: list[threading.Thread] = field(default_factory=list)

    def hand_in(self, otp: int, channel: str, message: Message) -> None:
        self.later(lambda: self._note(otp, channel, self.desk.send(channel, message)), lambda: self._crowded(otp))

    def later(self, work: Callable[[], object], otherwise: Callable[[], object] = lambda: None) -> None:
        """Where too much is under way already, the visitor is told to try again rather than to wait."""
        if not self._turns.acquire(blocking=False):
            otherwise()
            return
        self._running = [thread for thread in self._running if thread.is_alive()]
        thread = threading.Thread(target=self._do, args=(work,), daemon=True)
        self._running.append(thread)
        thread.start()

    def drain(self) -> None:
        """Wait for all that is under way."""
        for thread in self._running:
            thread.join()

    def _do(self, work: Callable[[], object]) -> None:
        try:
            work()
        except StoreAway as error:
            event(log, logging.ERROR, "database away", error=type(error).__name__)
        finally:
            self._turns.release()

    def _note(self, otp: int, channel: str, sent: Sent) -> None:
        month = local_month(self.clock.now(), self.sites.timezone)
        outcome = f"sent {sent.sender}"[:32] if sent.sender else (sent.trouble or Trouble.TEMPORARY).value
        with self.store.writing() as connection:
            otp_book.sent(connection, otp, outcome, self.clock.now())
            otp_book.count_sending(connection, month, sent.sender or channel, failed=sent.sender is None)

    def _crowded(self, otp: int) -> None:
        with self.store.writing() as connection:
            otp_book.sent(connection, otp, Trouble.TEMPORARY.value, self.clock.now())
