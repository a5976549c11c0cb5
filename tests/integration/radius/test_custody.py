"""What was acknowledged is booked once and in order, wherever the process dies between journal and database."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import delete

from hotspot import tables
from hotspot.metrics import Metrics
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.wire import Attr, accounting_request, integer, text
from radius.books import Books, DatabaseAway, Done, Mark, Outcome, Probe, Undone, Work
from radius.custody import Custody
from radius.event import SignOfLife, Step
from radius.login import Login
from radius.measures import Measures
from radius.record import record_of, work_of
from radius.replay import MOST_PER_STEP, Replay
from radius.shelf import Shelf
from radius.writer import Job
from tests.conftest import FixedClock, prepared
from tests.integration.radius.desk import MAC, NAS, NOON, SITE, Desk
from tests.peers.process import wait_until


class Database:
    """Books that remember what was applied, and can be away; it outlives the processes that write into it."""

    def __init__(self) -> None:
        self.is_away = False
        self.applied: list[Work] = []
        self.marks: dict[str, int] = {}
        self.poison: set[str] = set()
        self.dies_at: int | None = None

    def commit(self, batch: Sequence[Work]) -> list[Outcome]:
        try:
            return self.apply(batch)
        except DatabaseAway:
            return [Undone(away=True)] * len(batch)

    def apply(self, batch: Sequence[Work], mark: Mark | None = None) -> list[Outcome]:
        if self.is_away:
            raise DatabaseAway
        if any(isinstance(work, Step) and work.session_id in self.poison for work in batch):
            raise ZeroDivisionError
        self.applied += [work for work in batch if not isinstance(work, Probe)]
        if mark is not None:
            self.marks[mark.journal] = mark.applied_to
        return [Done()] * len(batch)

    def applied_to(self, journal: str) -> int | None:
        return self.marks.get(journal)

    @property
    def sessions(self) -> list[str]:
        return [work.session_id for work in self.applied if isinstance(work, Step)]


class Process:
    """One life of RADIUS on a state folder."""

    def __init__(self, folder: Path, database: Database | Books) -> None:
        self.shelf = Shelf(folder)
        self.shelf.claim()
        self.measures = Measures(Metrics())
        self.books = cast("Books", database)
        self.custody = Custody(self.books, self.shelf, self.measures)
        self.replay = Replay(self.books, self.shelf, self.measures)

    def report(self, *sessions: str) -> list[Outcome]:
        return self.custody.commit([job_of(session) for session in sessions])

    def kill(self) -> None:
        """The kernel closes its files; nothing else of it is finished."""
        self.shelf.close()


def record(session: str, *, seconds: int = 0, octets: int = 0, status: int = 1, came: int = NOON) -> bytes:
    attributes = (
        integer(Attr.ACCT_STATUS_TYPE, status),
        text(Attr.ACCT_SESSION_ID, session),
        text(Attr.CALLING_STATION_ID, MAC.colons),
        integer(Attr.ACCT_SESSION_TIME, seconds),
        integer(Attr.ACCT_INPUT_OCTETS, octets),
    )
    return record_of(accounting_request(1, attributes, b"secret"), NAS, SITE, came)


def job_of(session: str) -> Job:
    kept = record(session)
    return Job(work_of(kept), lambda _: None, kept)


def names(first: int, count: int) -> list[str]:
    return [f"s{number}" for number in range(first, first + count)]


@pytest.fixture
def database() -> Database:
    return Database()


def test_reports_are_kept_while_the_database_is_away_and_logins_and_probes_are_not(
    tmp_path: Path, database: Database
) -> None:
    database.is_away = True
    process = Process(tmp_path, database)
    login = Job(Login("g1", NAS, SITE, MAC), lambda _: None)
    acct_status, auth_status = (
        Job(SignOfLife(NAS, NOON), lambda _: None, b""),
        Job(SignOfLife(NAS, NOON), lambda _: None),
    )

    outcomes = process.custody.commit([job_of("s1"), login, acct_status, auth_status])

    assert outcomes == [Done(), Undone(away=True), Done(), Undone(away=True)]
    assert process.custody.is_away


def test_once_it_is_away_the_database_is_not_waited_for_again(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.is_away = True
    process = Process(tmp_path, database)
    process.report("s1")
    monkeypatch.setattr(database, "commit", lambda _: pytest.fail("it was asked"))

    assert process.report("s2", "s3") == [Done(), Done()]


def test_without_database_and_journal_nothing_is_acknowledged(tmp_path: Path, database: Database) -> None:
    database.is_away = True
    process = Process(tmp_path / "journal", database)
    (tmp_path / "journal").rmdir()

    assert process.report("s1") == [Undone(away=True)]
    assert process.custody.commit([Job(SignOfLife(NAS, NOON), lambda _: None, b"")]) == [Undone(away=True)]


def test_what_waits_is_applied_in_the_order_of_arrival_with_live_reports_behind_it(
    tmp_path: Path, database: Database
) -> None:
    database.is_away = True
    process = Process(tmp_path, database)
    process.report(*names(0, 2 * MOST_PER_STEP))
    database.is_away = False
    process.custody.start()
    for number in range(2 * MOST_PER_STEP, 3 * MOST_PER_STEP):
        assert process.report(f"s{number}") == [Done()]
    wait_until(lambda: process.shelf.is_empty, "the journal is applied")
    process.report("last")
    process.custody.finish(5)

    assert database.sessions == [*names(0, 3 * MOST_PER_STEP), "last"]
    assert list(tmp_path.iterdir()) == []


def test_logins_are_decided_again_as_soon_as_the_database_is_back_though_reports_still_wait(
    tmp_path: Path, database: Database
) -> None:
    database.is_away = True
    process = Process(tmp_path, database)
    process.report(*names(0, 2 * MOST_PER_STEP))
    database.is_away = False
    process.custody._step()
    login = Login("g1", NAS, SITE, MAC)

    outcomes = process.custody.commit([Job(login, lambda _: None), job_of("late")])

    assert outcomes == [Done(), Done()]
    assert login in database.applied
    assert "late" not in database.sessions


def killed(process: Process) -> Callable[..., None]:
    def die(*_: object) -> None:
        process.kill()
        raise SystemExit

    return die


@pytest.mark.parametrize("moment", ["before the ack", "before it is applied", "after some", "before it is removed"])
def test_a_process_killed_anywhere_leaves_every_report_to_be_applied_once(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    database.is_away = True
    first = Process(tmp_path, database)
    reported = names(0, MOST_PER_STEP + 10)
    first.report(*reported)
    if moment == "before the ack":
        first.kill()
    database.is_away = False
    if moment == "before it is applied":
        monkeypatch.setattr(database, "apply", killed(first))
    if moment == "before it is removed":
        monkeypatch.setattr(first.shelf, "advance", killed(first))
    if moment != "before the ack":
        with pytest.raises(SystemExit):
            first.replay.step()
            killed(first)()
    monkeypatch.undo()

    second = Process(tmp_path, database)
    while not second.shelf.is_empty:
        second.replay.step()

    assert database.sessions == reported
    assert list(tmp_path.iterdir()) == []


def test_a_record_that_meets_a_bug_is_set_aside_and_holds_up_nobody(
    tmp_path: Path, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    database.is_away = True
    process = Process(tmp_path, database)
    process.report(*names(0, 5))
    database.is_away = False
    database.poison = {"s2"}

    process.replay.step()

    assert database.sessions == ["s0", "s1", "s3", "s4"]
    assert process.shelf.is_empty
    assert [path.suffix for path in tmp_path.iterdir()] == [".refused"]
    assert "was set aside" in caplog.text


def test_a_damaged_place_is_told_and_what_lies_behind_it_is_applied(
    tmp_path: Path, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    database.is_away = True
    first = Process(tmp_path, database)
    first.report(*names(0, 3))
    first.kill()
    (path,) = tmp_path.iterdir()
    octets = bytearray(path.read_bytes())
    octets[len(octets) // 2] ^= 1
    path.write_bytes(octets)
    database.is_away = False

    second = Process(tmp_path, database)
    while not second.shelf.is_empty:
        second.replay.step()

    assert database.sessions == ["s0", "s2"]
    assert "a place of a journal is damaged" in caplog.text


def test_the_replaying_thread_outlives_a_bug_and_a_database_that_comes_and_goes(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radius.custody.RETRY_SECONDS", 0.01)
    database.is_away = True
    process = Process(tmp_path, database)
    process.custody.start()
    process.report("s1")
    with monkeypatch.context() as patch:
        patch.setattr(database, "applied_to", lambda _: 1 / 0)
        database.is_away = False
        time.sleep(0.05)
    database.is_away = True
    time.sleep(0.05)
    database.is_away = False
    wait_until(lambda: process.shelf.is_empty, "the journal is applied")
    process.custody.finish(5)

    assert database.sessions == ["s1"]
    assert not process.custody.is_away


# --- the same with the real books


@pytest.fixture(scope="module")
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with prepared(f"sqlite:///{tmp_path_factory.mktemp('store')}/hotspot.db") as store:
        yield store


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, shelf: Store, sites: Sites, tmp_path: Path) -> Iterator[Desk]:
    store: Store = shelf if request.param == "sqlite" else request.getfixturevalue("postgres_store")
    yield Desk(store, sites, tmp_path / "keys", FixedClock(NOON + 7200))
    with store.writing() as connection:
        for table in tables.metadata.sorted_tables:
            connection.execute(delete(table))


LIFE = [
    record("s1", came=NOON),
    record("s1", status=3, seconds=600, octets=70, came=NOON + 600),
    record("s1", status=3, seconds=1200, octets=200, came=NOON + 1200),
    record("s1", status=2, seconds=1500, octets=210, came=NOON + 1500),
]


def facts(desk: Desk) -> list[tuple[object, ...]]:
    columns = ("acct_session_id", "generation", "started_at", "last_seen_at", "stopped_at", "seconds", "input_octets")
    return desk.rows(tables.sessions, *columns) + desk.rows(tables.usage_hours, "site", "hour", "input_octets")


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_journals_of_several_processes_may_be_applied_in_any_order(
    desk: Desk, tmp_path: Path, order: tuple[int, ...]
) -> None:
    """A NAS spoke to one host, then to another, and the hosts come back in any order: also in part, and again."""
    parts = [LIFE[:2], LIFE[1:3], LIFE[2:]]
    for number in order:
        folder = tmp_path / f"host-{number}"
        first = Shelf(folder)
        first.claim()
        first.append(parts[number])
        first.close()
        host = Process(folder, desk.books)
        while not host.shelf.is_empty:
            host.replay.step()

    assert facts(desk) == [
        ("s1", 0, NOON, NOON + 1500, NOON + 1500, 1500, 210),
        (SITE, NOON, 210),
    ]


def test_how_far_a_journal_is_applied_is_known_to_the_database_with_what_was_applied(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Process(tmp_path / "journal", desk.books)
    first.shelf.append(LIFE)
    journal = first.shelf.front()
    assert journal is not None
    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="crash"):
        patch.setattr("radius.books._write_mark", lambda *_: (_ for _ in ()).throw(RuntimeError("crash")))
        first.books.apply([work_of(one) for one in LIFE], Mark(journal.name, journal.end))
    assert facts(desk) == []

    monkeypatch.setattr(first.shelf, "advance", lambda *_: None)
    first.replay.step()
    first.kill()
    second = Process(tmp_path / "journal", desk.books)
    monkeypatch.setattr("radius.replay.work_of", lambda _: pytest.fail("it was applied again"))
    second.replay.step()

    assert second.shelf.is_empty
    assert desk.rows(tables.journals, "name", "applied_to") == [(journal.name, journal.end)]
    assert desk.rows(tables.nas_facts, "heard_at") == [(NOON + 1500,)]


def test_logins_and_the_journal_write_at_the_same_time_without_harm(desk: Desk, tmp_path: Path) -> None:
    process = Process(tmp_path / "journal", desk.books)
    process.shelf.append([record(f"s{number}") for number in range(600)])
    logins = [desk.mint(f"g{number}") for number in range(40)]
    process.custody.start()
    outcomes: list[Outcome] = []
    writer = threading.Thread(
        target=lambda: outcomes.extend(
            outcome for login in logins for outcome in process.custody.commit([Job(login, lambda _: None)])
        )
    )
    writer.start()
    writer.join(30)
    wait_until(lambda: process.shelf.is_empty, "the journal is applied")
    process.custody.finish(5)

    assert not any(isinstance(outcome, Undone) for outcome in outcomes)
    assert len(outcomes) == 40
    assert len(desk.rows(tables.sessions, "uid")) == 600
