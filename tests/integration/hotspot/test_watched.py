"""Time by state, on both databases: nothing is lost, nothing unknown counts, work explains what it covers."""

from __future__ import annotations

from sqlalchemy import insert

from hotspot import tables, watched
from hotspot.store import Store
from hotspot.watched import Kept, Stretch, availability, seconds, stretches, together
from tests.conftest import as_service

UP, DOWN, NOTHING = Kept.UP, Kept.DOWN, Kept.NO_DATA


def test_all_of_the_time_is_in_one_state_and_gaps_are_no_data() -> None:
    found = stretches([Stretch(10, 20, UP), Stretch(30, 40, DOWN)], (), 0, 50)

    assert [(one.start, one.end, one.state) for one in found] == [
        (0, 10, NOTHING), (10, 20, UP), (20, 30, NOTHING), (30, 40, DOWN), (40, 50, NOTHING),
    ]  # fmt: skip
    assert sum(seconds(found).values()) == 50
    assert availability(seconds(found)) == 0.5


def test_work_explains_down_time_and_shadows_and_leaves_up_time_up() -> None:
    known = [Stretch(0, 40, UP), Stretch(40, 60, DOWN), Stretch(60, 80, Kept.SHADOW), Stretch(80, 90, UP)]
    sums = seconds(stretches(known, [(30, 70)], 0, 90))

    assert sums == {UP: 50, DOWN: 0, Kept.SHADOW: 10, Kept.MAINTENANCE: 30, NOTHING: 0}
    assert availability(sums) == 1.0


def test_of_nothing_known_there_is_no_availability() -> None:
    assert availability(seconds(stretches([], (), 0, 50))) is None


def test_a_district_is_as_the_worst_of_its_links() -> None:
    one, other = (
        stretches([Stretch(0, 50, UP)], (), 0, 50),
        stretches([Stretch(0, 30, UP), Stretch(30, 40, DOWN)], (), 0, 50),
    )

    assert [(x.end, x.state) for x in together([one, other])] == [(30, UP), (40, DOWN), (50, NOTHING)]
    assert together([]) == ()


def test_the_monitors_intervals_and_the_offices_work_are_read_from_the_store(either_store: Store) -> None:
    interval = {"kind": "link", "subject": "bruno", "ended_at": None}
    work = {"kind": "link", "subject": "bruno", "reason": "r", "created_by": "ani", "created_at": 0}
    with either_store.writing() as connection:
        for state, began, seen in (("weak", 0, 100), ("down", 100, 150), ("unknown", 150, 300), ("up", 900, 999)):
            row = interval | {"state": state, "began_at": began, "seen_until": seen}
            connection.execute(insert(tables.intervals).values(**row))
        for began, ends, cancelled in ((90, 200, None), (90, 200, 120), (90, 200, 80), (500, 600, None)):
            row = work | {"began_at": began, "ends_at": ends, "cancelled_at": cancelled}
            connection.execute(insert(tables.maintenances).values(**row))
    with as_service(either_store, "office").reading() as connection:
        found, announced = watched.known(connection, 0, 400), watched.work(connection, 0, 400)

    assert found == {("link", "bruno"): [Stretch(0, 100, UP), Stretch(100, 150, DOWN)]}
    assert announced == [(("link", "bruno"), 90, 200), (("link", "bruno"), 90, 120)]
