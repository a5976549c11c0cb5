"""Two NASes report, reboot, lose, repeat and shuffle at random: after every step the books are what was heard, exactly.

Ids are used again after a boot, and a box needs an hour for one here: without Class, two sessions of one id are told
apart by their beginnings, within a tenth of their length.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from hotspot import presence
from hotspot.allowance import left
from hotspot.clock import day_bounds, local_day
from hotspot.session import Facts, State, ended_at, state
from hotspot.sites import Sites
from hotspot.tables import nas_facts, sessions, usage_hours
from radius.books import Done
from radius.event import Boot, Status, Step
from tests.conftest import FixedClock
from tests.integration.radius.desk import NOON, Desk, report

NASES = {"gw-alun-alun-besar": "alun-alun-besar", "gw-pendopo-wabup": "pendopo-wabup"}
BOOT_SECONDS = 3600
OCTETS = st.integers(0, 2**40)


@dataclass
class Stay:
    """A session as it really was, and which of its reports were heard."""

    nas: str
    session: str
    token: str | None
    began: int
    up: int = 0
    down: int = 0
    is_open: bool = True
    heard: list[Step] = field(default_factory=list)

    def row(self) -> tuple[Any, ...]:
        """What the books must hold after what was heard, by the plainest reckoning."""
        steps = self.heard
        stops = [step.at for step in steps if step.status is Status.STOP]
        return (
            self.nas,
            self.session,
            self.token or "",
            min(step.at if step.seconds is None else step.at - step.seconds for step in steps),
            max(step.at for step in steps),
            max(step.seconds or 0 for step in steps),
            max(step.input_octets or 0 for step in steps),
            max(step.output_octets or 0 for step in steps),
            min(stops, default=None),
        )


class Reports(RuleBasedStateMachine):
    """``under_way`` is what was said and not heard yet, ``told`` what can be said again."""

    desk: Desk
    keys: Path
    sites: Sites

    def __init__(self) -> None:
        super().__init__()
        self.desk.clear()
        self.desk = Desk(self.desk.store, self.sites, self.keys, FixedClock(NOON))
        self.now = NOON
        self.stays: list[Stay] = []
        self.boots: dict[str, int] = {}
        self.heard_boots: dict[str, int] = {}
        self.under_way: list[tuple[Stay | None, Step | Boot]] = []
        self.told: list[tuple[Stay | None, Step | Boot]] = []
        self.before: dict[tuple[str, int], Any] = {}
        self.numbers = dict.fromkeys(NASES, 0)

    def say(self, stay: Stay, status: Status, *, drops: frozenset[str] = frozenset()) -> None:
        seconds = self.now - stay.began
        step = report(
            status, self.now, seconds, stay.session, nas=stay.nas, site=NASES[stay.nas], class_token=stay.token,
            user_name=stay.session, input_octets=stay.up, output_octets=stay.down,
        )  # fmt: skip
        if status is Status.START:
            step = replace(step, input_octets=None, output_octets=None)
        told: dict[str, Any] = {name: None for name in drops if name != "seconds" or stay.token}
        self.under_way.append((stay, replace(step, **told)))

    def book(self, some: list[tuple[Stay | None, Step | Boot]]) -> None:
        assert self.desk.book(*(work for _, work in some)) == [Done()] * len(some)
        for stay, work in some:
            if isinstance(work, Boot):
                self.heard_boots[work.nas] = max(work.at, self.heard_boots.get(work.nas, 0))
            elif stay is not None:
                stay.heard.append(work)

    @rule(nas=st.sampled_from(sorted(NASES)), classful=st.booleans(), pause=st.integers(1, 600))
    def begin(self, nas: str, classful: bool, pause: int) -> None:
        self.now += pause
        self.numbers[nas] += 1
        token = f"hs1:{len(self.stays):032x}" if classful else None
        stay = Stay(nas, f"{self.numbers[nas]:08x}", token, self.now)
        self.stays.append(stay)
        self.say(stay, Status.START)

    @precondition(lambda self: any(stay.is_open for stay in self.stays))
    @rule(
        data=st.data(), pause=st.integers(1, 1200), octets=st.tuples(OCTETS, OCTETS), ends=st.booleans(),
        drops=st.frozensets(st.sampled_from(("seconds", "input_octets", "output_octets"))),
    )  # fmt: skip
    def go_on(
        self, data: st.DataObject, pause: int, octets: tuple[int, int], ends: bool, drops: frozenset[str]
    ) -> None:
        self.now += pause
        stay = data.draw(st.sampled_from([stay for stay in self.stays if stay.is_open]))
        stay.up, stay.down = stay.up + octets[0], stay.down + octets[1]
        stay.is_open = not ends
        self.say(stay, Status.STOP if ends else Status.INTERIM, drops=drops)

    @rule(nas=st.sampled_from(sorted(NASES)), says_so=st.booleans())
    def boot(self, nas: str, says_so: bool) -> None:
        self.now += BOOT_SECONDS
        self.numbers[nas] = 0
        for stay in self.stays:
            stay.is_open = stay.is_open and stay.nas != nas
        if says_so:
            self.under_way.append((None, Boot(nas, self.now)))

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def hear_some(self, data: st.DataObject) -> None:
        """In any order, one batch, some of them twice."""
        some = data.draw(st.lists(st.sampled_from(range(len(self.under_way))), min_size=1, max_size=12))
        self.book([self.under_way[number] for number in some])
        self.told += [self.under_way[number] for number in set(some)]
        self.under_way = [said for number, said in enumerate(self.under_way) if number not in some]

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def lose_one(self, data: st.DataObject) -> None:
        self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1)))

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def hear_again(self, data: st.DataObject) -> None:
        """As a NAS that missed the answer says it again, or as a journal is applied twice."""
        before = self.rows()
        self.book(data.draw(st.lists(st.sampled_from(self.told), min_size=1, max_size=6)))
        assert self.rows() == before

    @rule()
    def restart(self) -> None:
        self.desk = Desk(self.desk.store, self.sites, self.keys, self.desk.clock)

    def rows(self) -> list[tuple[Any, ...]]:
        names = ("nas", "acct_session_id", "class_token", "started_at", "last_seen_at", "seconds")
        found = self.desk.rows(sessions, *names, "input_octets", "output_octets", "stopped_at")
        return sorted(((*row[:2], row[2] or "", *row[3:]) for row in found), key=str)

    @invariant()
    def the_rows_are_what_was_heard(self) -> None:
        """I3, I4, I6, I9, I11, I15: one row a session, whatever the order, repetitions and silences."""
        assert self.rows() == sorted((stay.row() for stay in self.stays if stay.heard), key=str)

    @invariant()
    def nothing_ever_falls(self) -> None:
        """I1, I2 and I12: counters and times only grow, and a session ends after it began."""
        names = ("uid", "generation", "started_at", "last_seen_at", "seconds", "input_octets", "output_octets")
        now = {row[:2]: row[2:] for row in self.desk.rows(sessions, *names)}
        assert self.before.keys() <= now.keys()
        for key, (began, seen, *grown) in now.items():
            assert began <= seen
            assert grown[0] <= seen - began
            if key in self.before:
                assert all(new >= old for new, old in zip((seen, *grown), self.before[key][1:], strict=True))
                assert began <= self.before[key][0]
        self.before = now

    @invariant()
    def every_octet_is_credited_once(self) -> None:
        """I5."""
        with self.desk.store.reading() as connection:
            sums = [func.sum(sessions.c.input_octets), func.sum(sessions.c.output_octets)]
            counted = [func.sum(sessions.c.counted_input), func.sum(sessions.c.counted_output)]
            credited = [func.sum(usage_hours.c.input_octets), func.sum(usage_hours.c.output_octets)]
            rows = [connection.execute(select(*some)).one() for some in (sums, counted, credited)]
        assert len({tuple(int(number or 0) for number in row) for row in rows}) == 1

    @invariant()
    def a_boot_is_its_own_nass_alone_and_bills_nothing(self) -> None:
        """I10 and I19: what a boot or silence closed ended with its last sign of life."""
        boots = {row[0]: row[1] for row in self.desk.rows(nas_facts, "nas", "boot_at") if row[1] is not None}
        assert boots == self.heard_boots
        names = ("nas", "started_at", "last_seen_at", "stopped_at", "interim")
        for nas, began, seen, stopped, interim in self.desk.rows(sessions, *names):
            facts = Facts(began, seen, stopped, interim)
            if state(facts, boots.get(nas), self.now) in (State.STALE, State.REBOOTED):
                assert ended_at(facts, boots.get(nas), self.now) == seen

    @invariant()
    def what_is_left_is_the_limit_less_what_was_used(self) -> None:
        """I16: of the day's data, over all sites, and never less than nothing."""
        policy = self.sites.policy_of(self.sites.site["pendopo-wabup"])
        used: dict[tuple[str, str], int] = {}
        for client, start, up, down in self.desk.rows(
            sessions, "client", "started_at", "input_octets", "output_octets"
        ):
            key = client, local_day(start, self.sites.timezone)
            used[key] = used.get(key, 0) + up + down
        with self.desk.store.reading() as connection:
            for (client, day), octets in used.items():
                bounds = day_bounds(day, self.sites.timezone)
                found = left(policy, presence.used_on(connection, client, "tap", bounds)).octets
                assert found == max(0, policy.day.octets - octets) >= 0


def test_the_books_are_what_was_heard_whatever_happens_on_the_way(desk: Desk, sites: Sites, tmp_path: Path) -> None:
    machine = type("Machine", (Reports,), {"desk": desk, "sites": sites, "keys": tmp_path / "keys"})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.reuse, Phase.generate),  # on a database, shrinking takes minutes
        ),
    )
