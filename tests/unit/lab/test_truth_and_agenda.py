"""The lab's log reads back as sessions, and its events happen in their order."""

from __future__ import annotations

import asyncio
from typing import Any

from lab.agenda import Agenda
from lab.truth import sessions


def line(what: str, session: str = "a", **facts: object) -> dict[str, Any]:
    return {"at": 1, "what": what, "session": session, **facts}


def begun(session: str = "a") -> dict[str, Any]:
    return line("start", session, site="s", nas="n", phone=1, started_at=10, **{"class": "hs1:x"})


def heard(record: str, octets: int, at: int, session: str = "a") -> dict[str, Any]:
    return line("acknowledged", session, record=record, input=octets, output=octets * 10, seconds=at, happened_at=at)


def test_the_last_acknowledged_counters_stand_whatever_the_order_they_came_in() -> None:
    found = sessions([begun(), heard("start", 0, 10), heard("stop", 9, 90), heard("interim", 5, 50)])["a"]
    assert (found.input, found.output, found.seconds, found.stop_acknowledged) == (9, 90, 90, True)


def test_what_a_power_cut_took_is_the_unreported_tail() -> None:
    end = line("end", cause="power-lost", input=8, output=80, seconds=70)
    found = sessions([begun(), heard("interim", 5, 50), end])["a"]
    assert (found.unreported_input, found.unreported_output, found.stop_acknowledged, found.ended) == (
        3,
        30,
        False,
        True,
    )


def test_a_stop_that_is_acknowledged_after_the_end_leaves_no_tail() -> None:
    end = line("end", cause="user_request", input=8, output=80, seconds=70)
    found = sessions([begun(), end, heard("stop", 8, 70)])["a"]
    assert (found.unreported_input, found.stop_acknowledged) == (0, True)


def test_records_of_a_nas_itself_belong_to_no_session() -> None:
    assert sessions([heard("on", 0, 1, session="")]) == {}


def test_events_are_lived_through_in_order_with_the_clock_standing_at_each() -> None:
    agenda, seen, now = Agenda(), list[tuple[str, float]](), [0.0]

    def note(name: str, then: float | None = None) -> None:
        async def event() -> None:
            seen.append((name, now[0]))
            if then is not None:
                note_at(then, name + "'")

        events[name] = event

    def note_at(when: float, name: str) -> None:
        note(name)
        agenda.at(when, events[name])

    events: dict[str, Any] = {}
    note("b", then=15.0)
    agenda.at(10.0, events["b"])
    note_at(10.0, "c")
    note_at(5.0, "a")
    note_at(20.0, "late")
    asyncio.run(agenda.step(lambda at: now.__setitem__(0, at), 20.0))
    assert seen == [("a", 5.0), ("b", 10.0), ("c", 10.0), ("b'", 15.0)]
    assert (now[0], agenda.next_at) == (20.0, 20.0)
