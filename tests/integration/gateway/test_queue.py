"""Reports on a real disk: what was promised is there after a crash, and what was sent is gone."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path

import pytest

from gateway.accounting import Receipt, Record
from gateway.lanes import Entry
from gateway.queue import Queue
from gateway.sender import Sender
from hotspot.command import OperatorError
from tests.unit.gateway.reports import interim, start, stop


def records_of(folder: Path) -> list[Record]:
    """What the next process would find, in its order."""
    queue = Queue(folder)
    entries = all_of(queue)
    queue.close()
    return [entry.record for entry in entries]


def all_of(queue: Queue) -> list[Entry]:
    async def gather() -> list[Entry]:
        found = []
        while len(queue):
            entry = await queue.next()
            queue._lanes.done(entry)
            found.append(entry)
        return found

    return asyncio.run(gather())


def take(queue: Queue) -> Entry:
    return asyncio.run(queue.next())


def test_what_was_put_is_there_for_the_next_process(tmp_path: Path) -> None:
    queue = Queue(tmp_path)
    assert queue.put(start("a"), interim("a"))
    assert queue.put(stop("a"))
    queue.close()

    assert records_of(tmp_path) == [start("a"), interim("a"), stop("a")]


def test_what_was_sent_is_gone_from_disk_too(tmp_path: Path) -> None:
    queue = Queue(tmp_path)
    queue.put(start("a"), start("b"))
    queue.done(take(queue))
    queue.close()
    assert records_of(tmp_path) == [start("b")]

    queue = Queue(tmp_path)
    queue.done(take(queue))
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    queue.close()
    assert left == b""
    assert records_of(tmp_path) == []


def test_no_list_of_what_was_done_strikes_out_a_later_report(tmp_path: Path) -> None:
    queue = Queue(tmp_path)
    queue.put(start("a"))
    done = next(tmp_path.glob("*.done"))
    queue._segments[0].strike([take(queue).number])
    stale = done.read_bytes()
    queue.close()
    for path in tmp_path.iterdir():
        path.write_bytes(stale if path == done else b"")  # the disk kept the one file and not the other

    queue = Queue(tmp_path)
    queue.put(start("b"))
    queue.close()

    assert stale
    assert records_of(tmp_path) == [start("b")]


def test_a_report_that_a_crash_cut_off_was_never_promised(tmp_path: Path) -> None:
    queue = Queue(tmp_path)
    queue.put(start("a"), start("b"))
    queue.close()
    log = next(tmp_path.glob("*.log"))
    whole = log.read_bytes()
    for cut in range(whole.index(b"\n") + 1, len(whole)):
        log.write_bytes(whole[:cut])
        assert records_of(tmp_path) == [start("a")]


def test_a_damaged_line_costs_one_report_and_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    queue = Queue(tmp_path)
    queue.put(start("a"), start("b"), start("c"))
    queue.close()
    log = next(tmp_path.glob("*.log"))
    first, second, third = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(first + second.replace(b'"b"', b'"x"') + third)

    assert records_of(tmp_path) == [start("a"), start("c")]
    assert "damaged on disk" in caplog.text


def test_segments_that_are_done_are_deleted_and_a_stuck_report_keeps_its_own(tmp_path: Path) -> None:
    queue = Queue(tmp_path, segment_size=1000)
    queue.put(start("stuck"))
    stuck = take(queue)
    for number in range(50):
        queue.put(start(f"s{number}"))
        queue.done(take(queue))

    assert len(list(tmp_path.glob("*.log"))) == 2
    queue.close()
    assert records_of(tmp_path) == [stuck.record]


def test_a_full_queue_gives_up_covered_interims_then_refuses_all_but_stops(tmp_path: Path) -> None:
    queue = Queue(tmp_path, most=4)
    assert queue.put(start("a"), interim("a", 300), interim("a", 600), interim("a", 900))
    assert queue.put(interim("a", 1200), start("b"))
    assert queue.put(interim("a", 1500))
    assert not queue.put(start("c"), start("d"))
    assert queue.fault == "more than 4 reports wait for RADIUS"
    assert queue.put(stop("b"))
    assert queue.put(stop("a"))
    assert not queue.put(start("e"))
    queue.close()

    kept = records_of(tmp_path)
    assert [record for record in kept if record.session == "a"] == [start("a"), stop("a")]
    assert [record for record in kept if record.session != "a"] == [start("b"), stop("b")]


def test_a_disk_that_is_full_is_told_and_the_report_still_sent_and_later_ones_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    queue = Queue(tmp_path)
    queue.put(start("a"))

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", full)
        assert not queue.put(start("b"))
    assert queue.fault == f"reports cannot be kept in {tmp_path}: No space left on device"
    assert queue.put(start("c"))
    assert queue.fault is None
    assert "No space left" in str([record.__dict__.get("fields") for record in caplog.records])
    assert len(queue) == 3
    queue.close()
    assert records_of(tmp_path) == [start("a"), start("c")]


def test_a_thousand_reports_are_one_wait_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs: list[int] = []
    monkeypatch.setattr(os, "fdatasync", syncs.append)
    queue = Queue(tmp_path)
    queue.put(*(start(f"s{number}") for number in range(1000)))
    queue.close()

    assert len(syncs) == 1
    assert len(records_of(tmp_path)) == 1000


def test_two_processes_do_not_send_from_one_folder(tmp_path: Path) -> None:
    queue = Queue(tmp_path)
    with pytest.raises(OperatorError, match="in use by another hotspot-gateway"):
        Queue(tmp_path)
    queue.close()
    Queue(tmp_path).close()


def test_a_queue_is_for_its_owner_alone(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "accounting")
    queue.put(start("a"))
    queue.close()

    assert (tmp_path / "accounting").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "accounting").iterdir())


def test_the_sender_feels_its_way_and_then_goes_wide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.sender.FIRST_PAUSE", 0.01)
    queue = Queue(tmp_path)
    queue.put(*(start(f"s{number}") for number in range(200)))
    at_once: list[int] = []
    out = 0
    all_sent = asyncio.Event()

    async def account(record: Record) -> Receipt:
        nonlocal out
        out += 1
        at_once.append(out)
        await asyncio.sleep(0.001)
        out -= 1
        if len(at_once) == 203 and not out:
            all_sent.set()
        return Receipt.KEPT if len(at_once) > 3 else Receipt.SILENCE

    async def drain() -> None:
        task = asyncio.create_task(Sender(queue, account).run())
        await asyncio.wait_for(all_sent.wait(), 10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(drain())
    queue.close()

    assert at_once[:4] == [1, 1, 1, 1]
    assert 16 < max(at_once) <= 32
    assert len(at_once) == 203


def test_a_sender_that_is_stopped_leaves_the_queue_as_it_was(tmp_path: Path) -> None:
    queue = Queue(tmp_path)
    queue.put(start("a"), stop("a"))

    async def never(record: Record) -> Receipt:
        await asyncio.Event().wait()
        return Receipt.KEPT

    async def begin_and_stop() -> None:
        task = asyncio.create_task(Sender(queue, never).run())
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(begin_and_stop())

    assert take(queue).record == start("a")
    queue.close()
    assert records_of(tmp_path) == [start("a"), stop("a")]
