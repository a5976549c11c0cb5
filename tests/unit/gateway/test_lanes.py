"""The order of reports: whatever is lost or comes late, a stay is told from its beginning to its end."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from gateway.accounting import Record, Status, gateway_down, gateway_up
from gateway.lanes import PATIENCE, Entry, Lanes
from tests.unit.gateway.reports import AT, interim, start, stop


def lanes_of(*records: Record) -> Lanes:
    lanes = Lanes()
    for number, record in enumerate(records):
        lanes.add(Entry(number, record))
    return lanes


def drained(lanes: Lanes) -> list[int]:
    """All that can be taken now, in its order."""
    taken = []
    while entry := lanes.take():
        taken.append(entry.number)
    return taken


def test_of_one_stay_one_report_is_out_at_a_time() -> None:
    lanes = lanes_of(start("a"), interim("a"), start("b"))

    assert drained(lanes) == [0, 2]


def test_a_report_that_nobody_answered_stays_first_of_its_stay_and_lets_others_pass() -> None:
    lanes = lanes_of(start("a"), stop("a"), start("b"))
    first = lanes.take()
    assert first is not None
    lanes.give_back(first)

    assert drained(lanes) == [2, 0]


def test_on_and_off_wait_for_all_before_them_and_all_after_wait_for_them() -> None:
    lanes = lanes_of(stop("a"), gateway_down(AT), gateway_up(AT), start("b"), start("c"))
    order: list[int] = []
    while entry := lanes.take():
        assert lanes.take() is None or entry.number == 3
        order.append(entry.number)
        if entry.number == 3:
            break
        lanes.done(entry)

    assert order == [0, 1, 2, 3]


def test_a_start_after_an_on_that_is_out_waits_for_it() -> None:
    lanes = lanes_of(gateway_up(AT))
    first = lanes.take()
    lanes.add(Entry(1, start("a")))

    assert lanes.take() is None
    assert first is not None
    lanes.done(first)
    assert drained(lanes) == [1]
    assert len(lanes) == 1


def test_an_on_that_living_servers_ignore_holds_up_nobody_for_ever() -> None:
    lanes = lanes_of(gateway_up(AT), start("a"), gateway_down(AT), gateway_up(AT + 1), start("b"))
    for _ in range(PATIENCE):
        entry = lanes.take()
        assert entry is not None
        assert (entry.number, lanes.take()) == (0, None)
        lanes.give_back(entry, is_ignored=True)

    order: list[int] = []
    while len(order) < 4:
        entry = lanes.take()
        assert entry is not None
        if entry.number == 0:
            lanes.give_back(entry, is_ignored=True)
        else:
            lanes.done(entry)
            order.append(entry.number)
    assert order == [1, 2, 3, 4]
    assert len(lanes) == 1


def test_an_on_that_nobody_hears_holds_up_all_behind_it_however_long() -> None:
    lanes = lanes_of(gateway_up(AT), start("a"))
    for _ in range(10 * PATIENCE):
        entry = lanes.take()
        assert entry is not None
        assert entry.number == 0
        lanes.give_back(entry)


def test_thinning_drops_interims_that_later_reports_cover_and_nothing_else() -> None:
    lanes = lanes_of(
        start("a"), interim("a", 300), interim("a", 600), start("b"), interim("b", 300), stop("a"),
        gateway_up(AT), start("c"), interim("c", 300), interim("c", 600),
    )  # fmt: skip

    dropped = [entry.number for entry in lanes.thin()]

    assert sorted(dropped) == [1, 2, 8]
    assert len(lanes) == 7


def test_thinning_leaves_alone_what_is_on_its_way() -> None:
    lanes = lanes_of(interim("a", 300), interim("a", 600), interim("a", 900))
    out = lanes.take()
    assert out is not None

    assert [entry.number for entry in lanes.thin()] == [1]
    lanes.done(out)
    assert drained(lanes) == [2]


RECORDS = st.sampled_from(
    [start("a"), interim("a"), stop("a"), start("b"), interim("b"), stop("b"), gateway_up(AT), gateway_down(AT)]
)


@given(st.lists(RECORDS, max_size=30), st.randoms(use_true_random=False))
def test_no_loss_and_no_delay_ever_reorders_a_stay_or_passes_an_on(records: list[Record], chance: Random) -> None:
    lanes = lanes_of(*records)
    out: list[Entry] = []
    arrived: list[int] = []
    losses = 500  # whoever draws the chances may draw nothing but losses
    for _ in range(2000):
        if (entry := lanes.take()) is not None:
            out.append(entry)
        if not out:
            break
        entry = out.pop(chance.randrange(len(out)))
        if losses and chance.random() < 0.3:
            losses -= 1
            lanes.give_back(entry)
        else:
            lanes.done(entry)
            arrived.append(entry.number)

    assert sorted(arrived) == list(range(len(records)))
    assert len(lanes) == 0
    for session in ("a", "b"):
        mine = [number for number in arrived if records[number].session == session]
        assert mine == sorted(mine)
    for place, number in enumerate(arrived):
        if records[number].status in (Status.ON, Status.OFF):
            assert set(arrived[:place]) == set(range(number))
