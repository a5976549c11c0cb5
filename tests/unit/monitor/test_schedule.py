"""What is due when: spread evenly, nobody waits for a slow one, a poke is sooner, a fast clock has its limit."""

from __future__ import annotations

from monitor.schedule import Schedule


def drive(schedule: Schedule, seconds: int, rate: float = 1.0, slow: str = "") -> list[tuple[float, str]]:
    """Real seconds in steps of 0.1; every poll but the slow one's ends at once."""
    began = []
    for step in range(seconds * 10):
        real = step / 10
        for name in schedule.due(real * rate, real):
            schedule.begin(name, real * rate, real)
            began.append((real, name))
            if name != slow:
                schedule.end(name)
    return began


def test_polls_are_spread_evenly_over_the_interval() -> None:
    began = drive(Schedule("abcdef", 60, 0), 60)

    assert [name for _, name in began] == list("abcdef")
    assert [round(at) for at, _ in began] == [0, 10, 20, 30, 40, 50]


def test_each_is_polled_once_an_interval_and_keeps_its_phase() -> None:
    began = drive(Schedule("ab", 60, 0), 180)

    assert [round(at) for at, name in began if name == "b"] == [30, 90, 150]


def test_a_poll_that_does_not_end_delays_nobody_and_is_not_begun_twice() -> None:
    began = drive(Schedule("abc", 60, 0), 180, slow="a")

    assert [name for _, name in began].count("a") == 1
    assert [name for _, name in began].count("b") == 3


def test_a_poke_is_polled_now_and_no_name_is_invented() -> None:
    schedule = Schedule("ab", 60, 0)
    schedule.poke("b")
    schedule.poke("nobody")

    assert schedule.due(5.0, 5.0) == ["a", "b"]


def test_a_poll_out_of_turn_leaves_the_turns_where_they_are() -> None:
    schedule = Schedule("ab", 60, 0)
    schedule.poke("b")
    schedule.begin("b", 5.0, 5.0)
    schedule.end("b")

    assert schedule.due(29.0, 29.0) == ["a"]
    assert schedule.due(30.0, 30.0) == ["a", "b"]


def test_a_poke_while_it_is_polled_is_one_more_poll_afterwards() -> None:
    schedule = Schedule("a", 60, 0)
    schedule.begin("a", 0, 0)
    schedule.poke("a")

    assert schedule.due(1.0, 1.0) == []
    schedule.end("a")
    assert schedule.due(2.0, 2.0) == ["a"]


def test_a_clock_that_runs_a_thousandfold_polls_once_a_second_and_no_faster() -> None:
    began = drive(Schedule("a", 60, 0), 10, rate=1000)

    assert len(began) == 10


def test_what_was_missed_is_not_made_up_for() -> None:
    """The clock jumped by a day."""
    schedule = Schedule("a", 60, 0)
    schedule.begin("a", 86_400, 1)
    schedule.end("a")

    assert schedule.due(86_401, 3) == []
    assert schedule.due(86_461, 5) == ["a"]
