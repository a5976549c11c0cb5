"""The writing thread: it groups what has gathered, keeps the order, bounds what waits, and ends with all done."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from radius.books import Done, Outcome, Probe, Work
from radius.event import SignOfLife
from radius.writer import MOST_PER_BATCH, MOST_WAITING, Job, Writer


class Desk:
    """A writer whose transactions wait until the test opens the gate."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.batches: list[int] = []
        self.told: list[Work] = []
        self.writer = Writer(self._commit, self._deliver)

    def _commit(self, batch: Sequence[Job]) -> list[Outcome]:
        self.gate.wait(5)
        self.batches.append(len(batch))
        return [Done()] * len(batch)

    def _deliver(self, outcomes: Sequence[tuple[Job, Outcome]]) -> None:
        self.told.extend(job.work for job, _ in outcomes)


def jobs(first: int, count: int) -> list[Job]:
    return [Job(SignOfLife("gw-a", number), lambda _: None) for number in range(first, first + count)]


def test_what_gathers_during_a_transaction_is_the_next_one_and_the_order_is_kept() -> None:
    desk = Desk()
    for number in range(0, 3 * MOST_PER_BATCH, 10):
        assert desk.writer.submit(jobs(number, 10))
    desk.writer.start()
    desk.gate.set()

    assert desk.writer.finish(5)
    assert desk.told == [job.work for job in jobs(0, len(desk.told))]
    assert len(desk.told) >= 3 * MOST_PER_BATCH
    assert max(desk.batches) <= MOST_PER_BATCH + 10
    assert len(desk.batches) == 3


def test_more_than_can_be_answered_in_time_is_not_taken() -> None:
    desk = Desk()
    assert desk.writer.submit(jobs(0, MOST_WAITING))
    assert not desk.writer.submit([Job(Probe(), lambda _: None)])
    desk.writer.start()
    desk.gate.set()

    assert desk.writer.finish(5)
    assert len(desk.told) == MOST_WAITING


def test_it_does_not_wait_for_ever_for_a_transaction_that_hangs() -> None:
    desk = Desk()
    desk.writer.start()
    desk.writer.submit(jobs(0, 1))

    assert not desk.writer.finish(0.05)
    desk.gate.set()
    assert desk.writer.finish(5)
