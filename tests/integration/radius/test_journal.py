"""Journals on a real disk: torn, full, taken over, and never believed beyond what was synced."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotspot.command import OperatorError
from radius.frames import HEAD, frame
from radius.journal import START, Journal
from radius.shelf import Shelf

RECORDS = [f"record {number}".encode() for number in range(5)]


def taken_over(journal: Journal) -> Journal:
    """Its process dies, and another finds the file."""
    journal.close()
    found = Journal.take_over(journal.path)
    assert found is not None
    return found


def all_of(journal: Journal) -> list[bytes]:
    records: list[bytes] = []
    position = START
    while position < journal.end:
        more, position = journal.read(position, 2)
        records += more
    return records


@contextlib.contextmanager
def disk_full_at(size: int) -> Iterator[None]:
    """No file can grow beyond ``size``: the write that would is done in part, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_was_appended_is_read_back_by_the_next_process_in_order(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path)
    journal.append(RECORDS[:2])
    journal.append(RECORDS[2:])

    assert all_of(journal) == RECORDS
    assert all_of(taken_over(journal)) == RECORDS
    assert journal.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("torn", range(1, HEAD + len(RECORDS[-1])))
def test_a_torn_last_frame_costs_only_itself(tmp_path: Path, torn: int) -> None:
    journal = Journal.create(tmp_path)
    journal.append(RECORDS)
    os.truncate(journal.path, journal.end - torn)

    assert all_of(taken_over(journal)) == RECORDS[:-1]


def test_a_damaged_place_costs_only_what_lay_there(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path)
    journal.append(RECORDS)
    with journal.path.open("r+b") as file:
        file.seek(START + HEAD + 2)
        file.write(b"\xff")

    assert all_of(taken_over(journal)) == RECORDS[1:]


def test_damage_longer_than_a_glance_is_overcome_too(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path)
    many = [bytes([number % 251 + 1]) * 4000 for number in range(150)]
    journal.append(many)
    with journal.path.open("r+b") as file:
        file.seek(START)
        file.write(bytes(100 * (4000 + HEAD) - 1))

    assert all_of(taken_over(journal)) == many[100:]


def test_a_disk_that_is_full_in_mid_frame_keeps_nothing_of_that_write_and_the_next_is_right(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path)
    journal.append(RECORDS[:2])
    with disk_full_at(journal.end + HEAD + 5), pytest.raises(OSError, match="File too large"):
        journal.append([b"a long record that does not fit"])
    journal.append(RECORDS[2:])

    assert all_of(journal) == RECORDS
    assert all_of(taken_over(journal)) == RECORDS


def test_nothing_is_written_over_what_a_failed_write_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal.create(tmp_path)
    with monkeypatch.context() as patch, disk_full_at(journal.end + 3 * HEAD + 3 * len(RECORDS[0]) - 1):
        patch.setattr(os, "ftruncate", lambda *_: (_ for _ in ()).throw(OSError(5, "no")))
        with pytest.raises(OSError, match="File too large"):
            journal.append(RECORDS)

    assert not journal.is_sound
    assert all_of(journal) == []


def test_after_a_failed_sync_a_file_gets_no_more_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(tmp_path)
    shelf.claim()
    shelf.append(RECORDS[:1])
    first = shelf.front()
    with monkeypatch.context() as patch, pytest.raises(OSError, match="sync"):
        patch.setattr(os, "fdatasync", lambda _: (_ for _ in ()).throw(OSError(5, "sync")))
        shelf.append(RECORDS[1:2])
    shelf.append(RECORDS[2:3])

    assert first is not None
    assert all_of(first) == RECORDS[:1]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_living_processs_journal_is_left_alone(tmp_path: Path) -> None:
    one, other = Shelf(tmp_path), Shelf(tmp_path)
    one.claim()
    one.append(RECORDS)
    other.claim()

    assert other.is_empty
    one.close()
    other.claim()
    assert not other.is_empty


def test_a_journal_that_was_removed_in_the_meantime_is_not_taken_over(tmp_path: Path) -> None:
    assert Journal.take_over(tmp_path / "gone.journal") is None


def test_a_file_that_was_born_in_a_crash_is_empty(tmp_path: Path) -> None:
    (tmp_path / "0.journal").write_bytes(b"hot")
    shelf = Shelf(tmp_path)
    shelf.claim()

    assert shelf.front() is None
    assert list(tmp_path.iterdir()) == []


def test_journals_do_not_grow_without_bound(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, most_octets=START + 2 * (HEAD + len(RECORDS[0])))
    shelf.claim()
    shelf.append(RECORDS[:1])
    with pytest.raises(OSError, match="greatest size"):
        shelf.append(RECORDS)
    with pytest.raises(OSError, match="greatest size"):
        for record in RECORDS:
            shelf.append([record])

    front = shelf.front()
    assert front is not None
    assert all_of(front) == [RECORDS[0], RECORDS[0]]
    assert front.end == START + 2 * (HEAD + len(RECORDS[0]))


def test_what_is_wholly_applied_is_removed_and_older_journals_go_first(tmp_path: Path) -> None:
    dead = Journal.create(tmp_path)
    dead.append(RECORDS[:2])
    dead.close()
    shelf = Shelf(tmp_path)
    shelf.claim()
    shelf.append(RECORDS[2:])
    first = shelf.front()
    assert first is not None
    assert (first.path, shelf.octets) == (dead.path, sum(HEAD + len(record) for record in RECORDS))

    shelf.advance(first, first.end)

    second = shelf.front()
    assert second is not None
    assert all_of(second) == RECORDS[2:]
    shelf.advance(second, second.end)
    assert (shelf.is_empty, shelf.octets, list(tmp_path.iterdir())) == (True, 0, [])


def test_a_folder_that_cannot_be_one_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("")

    with pytest.raises(OperatorError, match="make it a folder that RADIUS may write"):
        Shelf(tmp_path / "journal").claim()


def test_a_copied_frame_is_not_applied_twice(tmp_path: Path) -> None:
    """A frame is valid at its own place only."""
    journal = Journal.create(tmp_path)
    journal.append(RECORDS[:1])
    octets = journal.path.read_bytes()
    journal.path.write_bytes(octets + octets[START:])

    assert all_of(taken_over(journal)) == RECORDS[:1]
    assert len(frame(b"k" * 16, START, RECORDS[0])) == len(octets) - START
