"""Ticks over a store, with the snapshot put by hand: what a recovery, a restart and a doubt must not turn into."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, select

from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import incident_members, incidents, maintenances, states
from monitor.facts import Facts
from monitor.history import History
from monitor.reading import Reading
from monitor.snapshot import Answers, Polled, Port, Snapshot
from monitor.subject import Subject
from monitor.tick import Ticker
from tests.conftest import FixedClock

TRUNK, FAR = "purworejo-kutoarjo-trunk", "core-kutoarjo"
UP, DOWN = {"ifOperStatus": 1}, {"ifOperStatus": 2}


class Desk:
    """The sample town, all well; tests change what a poll found and let time pass."""

    def __init__(self, sites: Sites, store: Store, clock: FixedClock) -> None:
        self.sites, self.store, self.clock = sites, store, clock
        self.snapshot = Snapshot()
        self.kinds = {device.id: "device" for device in sites.devices} | {nas.id: "nas" for nas in sites.nases}
        self.restart()

    def restart(self) -> None:
        watched = dict.fromkeys(self.kinds, Subject("", "", "", None, None, ping=False))  # type: ignore[arg-type]
        self.ticker = Ticker(self.sites, watched, self.snapshot, History(self.store, self.sites.timezone))

    def answers(self, name: str, down: str = "", rx_dbm: float = -8.0, clients: float | None = None) -> None:
        """A complete poll; every port that a link names exists, and is up unless it is ``down``."""
        at, ends = self.clock.now(), [end for link in self.sites.links for end in (link.a, link.b) if end]
        names = [end.port for end in ends if end.device == name]
        ports = tuple(Port(i, port, "", "", DOWN if port == down else UP) for i, port in enumerate(names))
        light = tuple(Reading(self.kinds[name], name, "rx-power", rx_dbm, at, port) for port in names)
        if clients is not None:
            light += (Reading(self.kinds[name], name, "clients", clients, at, "Purworejo-Gratis"),)
        found = Answers(at, {}, ports, {}, {}, light)
        self.snapshot.put(Polled(self.kinds[name], name, found, at, alive=True))

    def misses(self, *names: str) -> None:
        for name in names:
            before = self.snapshot.polled.get(name, Polled(self.kinds[name], name))
            now = self.clock.now()
            self.snapshot.put(replace(before, tried_at=now, error="silence", missed=before.missed + 1, alive=False))

    def die(self, *names: str) -> None:
        """So many misses, over so long a time, that nobody doubts it."""
        for _ in range(3):
            self.misses(*names)
            self.tick()

    def all_answer(self) -> None:
        for name in self.kinds:
            self.answers(name)

    def tick(self, clients: dict[str, int] | None = None) -> set[str]:
        self.clock.at += 30
        self.outcome = self.ticker.tick(self.clock.now(), Facts({}, clients or {}))
        return set(self.outcome.ask)

    def rows(self, table: Any) -> list[Any]:
        with self.store.reading() as connection:
            return list(connection.execute(select(table)))

    def open(self) -> list[tuple[str, str]]:
        return [(row.cause, row.subject) for row in self.rows(incidents) if row.closed_at is None]

    def state(self, name: str) -> str:
        return next(str(row.state) for row in self.rows(states) if row.subject == name)


@pytest.fixture
def desk(sites: Sites, store: Store, clock: FixedClock) -> Desk:
    made = Desk(sites, store, clock)
    made.all_answer()
    made.tick()
    return made


def beyond(desk: Desk) -> list[str]:
    """Everything behind the trunk."""
    return [name for name in desk.kinds if FAR in desk.ticker.tree.ancestors(name)] + [FAR]


def cut(desk: Desk) -> None:
    """The near port is down for two looks, and nothing behind it answers for ten polls."""
    online = {"gw-alun-alun-kutoarjo": 30, "gw-romansa-kuliner": 7}
    for _ in range(2):
        desk.answers("core-purworejo", down="sfp1")
        desk.tick(online)
    for _ in range(10):
        desk.misses(*beyond(desk))
        desk.tick(online)


def test_a_cut_trunk_is_one_incident_that_counts_the_people_behind_it(desk: Desk) -> None:
    cut(desk)

    assert desk.open() == [("link-down", TRUNK)]
    assert [row.clients for row in desk.rows(incidents)] == [30]
    members = {row.subject for row in desk.rows(incident_members)}
    assert set(beyond(desk)) <= members
    assert {"grabag", "kutoarjo", "butuh", "kemiri", "bruno"} <= members


def test_when_the_trunk_is_mended_nobody_is_blamed_for_what_they_missed_meanwhile(desk: Desk) -> None:
    cut(desk)
    desk.answers("core-purworejo")

    ask_now = desk.tick()

    assert desk.open() == []
    assert ask_now == set(beyond(desk))
    desk.misses(FAR)
    desk.tick()
    assert desk.open() == []
    desk.all_answer()
    desk.tick()
    assert len(desk.rows(incidents)) == 1
    assert {str(row.state) for row in desk.rows(states)} == {"up"}


def test_one_that_does_not_come_back_after_the_mending_is_the_next_incident(desk: Desk) -> None:
    cut(desk)
    for _ in range(4):
        for name in set(desk.kinds) - {"sw-bruno"}:
            desk.answers(name)
        desk.misses("sw-bruno")
        desk.tick()

    assert desk.open() == [("device-down", "sw-bruno")]


def test_who_is_new_among_the_silent_has_those_above_it_asked_first(desk: Desk) -> None:
    desk.misses("sw-bruno")

    asked = desk.tick()

    assert {"sw-bruno", "core-kutoarjo", "core-purworejo"} <= asked
    assert "sw-gebang" not in asked
    desk.all_answer()
    assert desk.tick() == set()


def test_it_is_called_down_only_when_those_above_have_answered_since(desk: Desk) -> None:
    for _ in range(3):
        desk.misses("sw-bruno")
        desk.tick()
    assert desk.open() == []

    for name in ("core-kutoarjo", "core-purworejo"):
        desk.answers(name)
    desk.tick()

    assert desk.open() == [("device-down", "sw-bruno")]


def test_announced_work_is_recorded_as_such_and_inherited_by_what_hangs_below(desk: Desk) -> None:
    work = {"kind": "device", "subject": "core-kutoarjo", "reason": "ganti catu daya", "created_by": "ani"}
    now = int(desk.clock.now())
    with desk.store.writing() as connection:
        times = {"began_at": now - 60, "ends_at": now + 3600, "created_at": now - 60}
        connection.execute(insert(maintenances).values(**work, **times))
    cut(desk)

    [row] = desk.rows(incidents)
    assert (row.cause, row.grade) == ("link-down", "maintenance")
    assert "ganti catu daya, ani" in row.evidence


def test_a_restart_of_the_monitor_neither_closes_nor_opens_anything(desk: Desk) -> None:
    cut(desk)
    desk.snapshot = Snapshot()
    desk.restart()
    desk.tick()
    assert desk.open() == [("link-down", TRUNK)]

    for _ in range(3):
        desk.answers("core-purworejo", down="sfp1")
        desk.misses(*beyond(desk))
        desk.tick()
    assert desk.open() == [("link-down", TRUNK)]
    assert len(desk.rows(incidents)) == 1


def test_a_restart_does_not_forget_how_often_a_link_came_and_went(desk: Desk) -> None:
    for port in ("sfp1", "", "sfp1", "", "sfp1", "", "sfp1"):
        desk.answers("core-purworejo", down=port)
        desk.tick()
    desk.restart()
    desk.answers("core-purworejo")
    desk.answers(FAR)
    desk.tick()

    assert desk.open() == [("link-flapping", TRUNK)]
    assert desk.state(TRUNK) == "weak"
    desk.clock.at += 3600
    desk.all_answer()
    desk.tick()
    assert desk.open() == [], "an hour's quiet is believed"


def test_fading_light_is_a_weak_link_after_three_polls_and_clears(desk: Desk) -> None:
    for level, expected in ((-20.5, "up"), (-20.5, "up"), (-20.6, "weak"), (-19.8, "weak"), (-19.0, "up")):
        desk.answers("sw-grabag", rx_dbm=level)
        desk.tick()
        assert desk.state("grabag") == expected

    [row] = desk.rows(incidents)
    assert (row.cause, row.subject) == ("optics-weak", "grabag")
    assert "sw-grabag receives -20.6 dBm" in row.evidence
    assert row.closed_at is not None


def test_light_that_falls_two_decibels_below_its_learned_baseline_is_weak_and_survives_a_restart(desk: Desk) -> None:
    for _ in range(9):
        for _ in range(3):
            desk.answers("sw-grabag", rx_dbm=-8.0)
            desk.tick()
        desk.clock.at += 86_400 - 3 * 30
    desk.restart()
    for expected in ("up", "up", "weak"):
        desk.answers("sw-grabag", rx_dbm=-10.2)
        desk.tick()
        assert desk.state("grabag") == expected

    [row] = desk.rows(incidents)
    assert (row.cause, row.subject, row.grade) == ("optics-weak", "grabag", "fibre")
    assert "sw-grabag receives -10.2 dBm, 2.2 dB less" in row.evidence


def test_an_access_point_that_dies_alone_counts_its_own_clients_and_a_nas_its_sessions(desk: Desk) -> None:
    """Behind a dead NAS nobody is counted twice."""
    point, nas = "ap-romansa-kuliner-1", "gw-romansa-kuliner"
    desk.answers(point, clients=9)
    for _ in range(4):
        for name in set(desk.kinds) - {point}:
            desk.answers(name)
        desk.misses(point)
        desk.tick({nas: 20})
    assert [row.clients for row in desk.rows(incidents)] == [9]

    desk.clock.at += 600
    for _ in range(4):
        for name in set(desk.kinds) - {point, nas}:
            desk.answers(name)
        desk.misses(point, nas)
        desk.tick({nas: 20})
    assert [(row.subject, row.clients) for row in desk.rows(incidents)] == [(point, 9), (nas, 20)]
    assert desk.open() == [("device-down", point), ("nas-down", nas)]


def test_when_nothing_answers_the_monitor_says_that_it_is_blind(desk: Desk) -> None:
    desk.die(*desk.kinds)

    assert desk.open() == [("monitor-blind", "monitor")]
    assert desk.rows(incident_members) == []
    assert {str(row.state) for row in desk.rows(states)} == {"unknown"}

    desk.answers("core-purworejo")
    assert desk.tick() >= set(desk.kinds) - {"core-purworejo"}
    assert desk.open() == []
    desk.all_answer()
    desk.tick()
    assert len(desk.rows(incidents)) == 1
