"""What the keeper tells the kernel, the disk and RADIUS, in which order."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from gateway.accounting import Record, Status
from gateway.admission import FIRST_MARK, LAST_MARK, Octets
from gateway.book import Book, Page
from gateway.keeper import Keeper, Newcomer, who
from gateway.session import Cause
from hotspot.command import OperatorError
from hotspot.mac import Mac
from tests.conftest import FixedClock
from tests.unit.gateway.note import Note
from tests.unit.gateway.test_session import LIMITS

ANN, BUDI = Mac("02112200000a"), Mac("02112200000b")


class Bench:
    """A keeper with its surroundings; :meth:`again` is the same door after its process died."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.note, self.clock, self.path = Note(), clock, folder / "gateway" / "sessions.json"
        self.told: list[Record] = []
        self.keeper = self.again()

    def again(self) -> Keeper:
        self.keeper = Keeper(self.note, Book(self.path), self.clock, lambda *records: self.told.extend(records))
        return self.keeper

    def steps(self) -> list[tuple[Status, str, Cause | None]]:
        return [(told.status, told.who.user if told.who else "", told.cause) for told in self.told]


@pytest.fixture
def bench(tmp_path: Path, clock: FixedClock) -> Bench:
    return Bench(tmp_path, clock)


def newcomer(mac: Mac, name: str) -> Newcomer:
    return Newcomer(mac, (ip_address("10.70.4.9"),), name, ("6873",), LIMITS)


def test_clients_are_admitted_in_one_batch_and_told_of(bench: Bench) -> None:
    ann, budi = bench.keeper.admit([newcomer(ANN, "ga"), newcomer(BUDI, "gb")])

    assert bench.note.said == ["admit 16", "admit 17"]
    assert bench.steps() == [(Status.START, "ga", None), (Status.START, "gb", None)]
    assert ann.id != budi.id
    assert bench.path.stat().st_mode & 0o777 == 0o600


def test_the_disk_knows_before_the_kernel_does(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    on_disk: list[int] = []

    def look(_: object) -> None:
        on_disk.append(len(Book(bench.path).read().sessions))

    monkeypatch.setattr(bench.note, "admit", look)

    bench.keeper.admit([newcomer(ANN, "ga")])

    assert on_disk == [1]


def test_the_same_login_twice_is_one_session_and_another_one_replaces_it(bench: Bench) -> None:
    first, *_ = bench.keeper.admit([newcomer(ANN, "ga")])
    again, *_ = bench.keeper.admit([newcomer(ANN, "ga")])
    other, *_ = bench.keeper.admit([newcomer(ANN, "gz")])

    assert again is first
    assert other.mark != first.mark
    assert bench.steps() == [
        (Status.START, "ga", None),
        (Status.STOP, "ga", Cause.USER_REQUEST),
        (Status.START, "gz", None),
    ]
    assert list(bench.note.online) == [other.mark]


def test_a_cycle_reports_what_is_due_with_the_counters_of_that_moment(bench: Bench) -> None:
    (session,) = bench.keeper.admit([newcomer(ANN, "ga")])
    bench.note.octets[session.mark] = Octets(1000, 9000, 10, 20)
    bench.clock.at += 299
    bench.keeper.cycle()
    assert bench.steps() == [(Status.START, "ga", None)]

    bench.clock.at += 1
    bench.note.octets[session.mark] = Octets(1100, 9900, 11, 21)
    bench.keeper.cycle()
    bench.keeper.cycle()

    assert bench.steps()[1:] == [(Status.INTERIM, "ga", None)]
    assert bench.told[-1].octets == Octets(1100, 9900, 11, 21)


def test_a_stay_over_its_limit_is_cut_and_its_last_octets_are_counted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    (session,) = bench.keeper.admit([newcomer(ANN, "ga")])
    monkeypatch.setattr(bench.note, "counters", lambda: {session.mark: Octets(400_000, 600_000, 1, 1)})
    bench.note.octets[session.mark] = Octets(400_000, 600_500, 1, 2)

    bench.keeper.cycle()

    assert bench.steps()[-1] == (Status.STOP, "ga", Cause.NAS_REQUEST)
    assert bench.told[-1].octets.down == 600_500
    assert bench.note.online == {}
    assert bench.keeper.sessions == ()
    assert Book(bench.path).read().sessions == ()


def test_time_alone_is_watched_without_asking_the_kernel(bench: Bench) -> None:
    bench.keeper.admit([newcomer(ANN, "ga")])
    bench.note.said.clear()
    before = bench.keeper.is_any_over()
    bench.clock.at += LIMITS.seconds

    assert (before, bench.keeper.is_any_over()) == (False, True)
    assert bench.note.said == []


def test_a_restart_drops_nobody_and_goes_on_counting(bench: Bench) -> None:
    (session,) = bench.keeper.admit([newcomer(ANN, "ga")])
    bench.note.octets[session.mark] = Octets(1000, 9000, 10, 20)
    bench.keeper.cycle()
    bench.note.said.clear()

    assert bench.again().restore() == 1
    bench.note.octets[session.mark] = Octets(1500, 9500, 11, 21)
    bench.keeper.cycle()

    assert not [word for word in bench.note.said if word.startswith("cut")]
    assert bench.keeper.sessions[0].total == Octets(1500, 9500, 11, 21)
    assert bench.steps() == [(Status.START, "ga", None)]


def test_a_reboot_restores_sessions_whose_counters_begin_at_zero(bench: Bench) -> None:
    (session,) = bench.keeper.admit([newcomer(ANN, "ga")])
    bench.note.octets[session.mark] = Octets(10, 90, 1, 2)
    bench.keeper.cycle()
    bench.note.reboot()

    bench.again().restore()
    bench.note.octets[session.mark] = Octets(1000, 9000, 10, 20)
    bench.keeper.cycle()

    assert bench.note.said[:3] == ["install", "counters", "admit 16"]
    assert bench.keeper.sessions[0].total == Octets(1010, 9090, 11, 22)


def test_whom_nobody_would_count_is_cut_at_the_start(bench: Bench) -> None:
    stray = bench.keeper.admit([newcomer(ANN, "ga")])[0]
    bench.path.unlink()

    assert bench.again().restore() == 0
    assert bench.note.online == {}
    assert f"cut {stray.mark}" in bench.note.said


def test_marks_go_round_and_never_meet_their_predecessors_flows(bench: Bench) -> None:
    first, *_ = bench.keeper.admit([newcomer(ANN, "ga")])
    bench.keeper.stop([first], Cause.USER_REQUEST)
    second, *_ = bench.keeper.admit([newcomer(ANN, "gb")])
    bench.keeper.stop([second], Cause.USER_REQUEST)
    bench.again().restore()
    third, *_ = bench.keeper.admit([newcomer(ANN, "gc")])

    assert [first.mark, second.mark, third.mark] == [FIRST_MARK, FIRST_MARK + 1, FIRST_MARK + 2]
    Book(bench.path).write(bench.keeper.sessions, LAST_MARK)
    bench.again().restore()
    assert bench.keeper.admit([newcomer(BUDI, "gd")])[0].mark == FIRST_MARK


def test_whom_the_kernel_does_not_let_in_is_not_online(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise OperatorError("no table")

    monkeypatch.setattr(bench.note, "admit", refuse)
    with pytest.raises(OperatorError):
        bench.keeper.admit([newcomer(ANN, "ga")])

    assert bench.keeper.sessions == ()
    assert Book(bench.path).read().sessions == ()
    assert bench.steps() == []


def test_limits_change_in_flight_without_a_new_stay(bench: Bench) -> None:
    (session,) = bench.keeper.admit([newcomer(ANN, "ga")])
    changed = bench.keeper.change(session, replace(LIMITS, down=512_000))

    assert who(changed) == who(session)
    assert bench.note.online[session.mark].down == 512_000
    assert Book(bench.path).read().sessions == (changed,)


def test_only_clients_with_further_addresses_are_told_of_again(bench: Bench) -> None:
    ann, _ = bench.keeper.admit([newcomer(ANN, "ga"), newcomer(BUDI, "gb")])
    bench.note.said.clear()
    old, new = ip_address("10.70.4.9"), ip_address("2001:db8::9")

    bench.keeper.move({ANN: (old, new), BUDI: (old,)})

    assert bench.note.said == [f"admit {ann.mark}"]
    assert bench.note.online[ann.mark].addresses == (old, new)


def test_leaving_reports_every_end_and_leaves_nothing_behind(bench: Bench) -> None:
    bench.keeper.admit([newcomer(ANN, "ga"), newcomer(BUDI, "gb")])

    bench.keeper.leave()

    assert [step for step in bench.steps() if step[0] is Status.STOP] == [
        (Status.STOP, "ga", Cause.ADMIN_RESET),
        (Status.STOP, "gb", Cause.ADMIN_RESET),
    ]
    assert bench.note.said[-1] == "remove"
    assert not bench.path.exists()


def test_a_damaged_book_is_the_operators_matter(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    assert Book(path).read() == Page()
    path.write_text('{"sessions": [{}]')

    with pytest.raises(OperatorError, match="move it away, and everyone online will have to log in again"):
        Book(path).read()
