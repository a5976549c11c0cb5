"""From a tap's order to the session's end, on both databases, before a controller that is slow, silent or lies."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from hotspot import tables
from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.sites import Nas, Sites
from hotspot.sites.controller import Controller as Facts
from hotspot.store import Store
from hotspot.wishes import Act, wish
from radius.controllers.doorman import Doorman
from radius.controllers.https import Https
from radius.controllers.opennds import OpenNds
from radius.controllers.unifi import Unifi
from radius.overuse import Overuse
from radius.wishlist import Wishlist
from radius.writer import Job
from tests.conftest import FixedClock, as_service
from tests.integration.radius.controllers.by_hand import ByHand
from tests.integration.radius.desk import NOON, Desk
from tests.peers.controller import ACCOUNT, PASSWORD, Told, controller

GATE, SITE, PHONE, OTHER = "gw-unifi", "alun-alun-kutoarjo", Mac("021122334455"), Mac("021122334466")


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with controller(tmp_path_factory.mktemp("controller")) as told:
        yield told


class Door(ByHand):
    """A doorman with books of his own, whose turns are taken by hand."""

    def __init__(self, desk: Desk, sites: Sites, told: Told) -> None:
        self.desk, self.told = desk, told
        facts = Facts.model_validate({"api": "legacy", "url": told.url, "account": ACCOUNT})
        gate = Unifi(facts, Secret(PASSWORD), Https(told.url, str(told.certificate), patience=2))
        store = as_service(desk.store, "radius")
        self.engine = store.engine
        self.counted: list[tuple[str, str, str]] = []
        self.doorman = Doorman(
            store, sites, {GATE: gate}, clock=desk.clock, submit=self._submit, count=lambda *of: self.counted.append(of)
        )
        self.wishlist, self.overuse = Wishlist(store, sites), Overuse(store, sites, lambda mac: mac.digits)

    def _submit(self, jobs: Sequence[Job]) -> bool:
        for job, outcome in zip(jobs, self.desk.books.commit([job.work for job in jobs]), strict=True):
            job.tell(outcome)
        return True

    def ask(self, grant: str = "g1", mac: Mac = PHONE, **facts: Any) -> None:
        self.desk.mint(grant, nas=GATE, site=SITE, mac=mac.digits, **facts)
        now = int(self.desk.clock.now())
        row = {"grant_id": grant, "nas": GATE, "mac": mac.digits, "place": "74acb9000001", "tries": 0}
        with self.desk.store.writing() as connection:
            connection.execute(insert(tables.admissions), row | {"asked_at": now, "due_at": now})

    def look(self) -> None:
        asyncio.run(self.doorman.look(GATE))

    def later(self, seconds: int) -> None:
        self.desk.clock.at += seconds

    def outcomes(self) -> list[Any]:
        return [row[0] for row in self.desk.rows(tables.admissions, "outcome")]

    def sessions(self) -> list[tuple[Any, ...]]:
        columns = ("grant_id", "mac", "input_octets", "output_octets", "stop_cause")
        return self.desk.rows(tables.sessions, *columns)


@pytest.fixture
def door(shelf: Store, sites: Sites, peer: Told, tmp_path: Path) -> Iterator[Door]:
    peer.stations, peer.orders, peer.broken, peer.raw, peer.session = {}, [], 0, None, ""
    facts = Facts.model_validate({"api": "legacy", "url": peer.url, "account": ACCOUNT})
    nas = Nas(id=GATE, site=SITE, kind="unifi", address="10.66.9.1", controller=facts)
    kept = {name: getattr(sites, name) for name in Sites.model_fields}
    town = Sites.model_construct(**kept | {"nases": (*sites.nases, nas)})
    desk = Desk(shelf, town, tmp_path / "keys", FixedClock(NOON))
    desk.clear()
    yield Door(desk, town, peer)
    desk.clear()


def test_who_was_admitted_is_let_in_once_and_online_only_when_seen(door: Door) -> None:
    door.told.station(PHONE.colons, asks=2)
    door.ask()
    door.orders()
    assert door.outcomes() == [None]  # the controller said yes, and its access point does not let the phone in yet
    assert door.sessions() == []

    door.later(2)
    door.orders()
    door.orders()

    assert door.outcomes() == ["admitted"]
    assert door.sessions() == [("g1", PHONE.digits, 0, 0, None)]
    assert len(door.desk.rows(tables.reservations, "class_token")) == 1
    assert [order["cmd"] for order in door.told.orders] == ["authorize-guest"] * 2
    assert door.counted == [(GATE, "admit", "admitted")]


def test_what_was_used_is_booked_over_a_new_beginning_of_the_counter(door: Door) -> None:
    phone = door.told.station(PHONE.colons)
    door.ask()
    door.orders()
    for up, down in ((100, 1000), (150, 1500), (20, 200)):  # then the phone came to another access point
        door.later(60)
        phone.up, phone.down = up, down
        door.look()

    assert door.sessions() == [("g1", PHONE.digits, 170, 1700, None)]
    assert sum(row[0] for row in door.desk.rows(tables.usage_hours, "output_octets")) == 1700


def test_the_policy_is_asked_again_and_its_word_is_the_orders_end(door: Door) -> None:
    door.told.station(PHONE.colons)
    door.ask(expires_at=NOON - 1)
    door.orders()

    assert door.outcomes() == ["grant-expired"]
    assert door.told.orders == []


def test_a_silent_controller_is_asked_until_the_grant_is_worth_nothing(door: Door) -> None:
    door.told.station(PHONE.colons)
    door.told.broken = 502
    door.ask()
    for _ in range(40):
        door.orders()
        door.later(10)

    assert door.outcomes() == ["radius-away"]
    assert door.sessions() == []


def test_a_controller_that_falls_silent_is_seen_to_be_and_heard_again(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    """By the gauge, by one line in the log, and by the time at which the monitor and the office say it was heard."""
    caplog.set_level("INFO")

    def turn() -> tuple[dict[str, bool], list[Any]]:
        door.doorman._looked.clear()

        async def work() -> None:
            await door.doorman.turn()
            await asyncio.gather(*door.doorman._at_work.values())

        asyncio.run(work())
        return door.doorman.answering, door.desk.rows(tables.nas_facts, "heard_at")

    assert door.doorman.answering == {}
    assert turn() == ({GATE: True}, [(NOON,)])
    door.later(60)
    door.told.broken = 99
    assert turn() == turn() == ({GATE: False}, [(NOON,)])
    door.told.broken = 0
    door.later(60)
    assert turn() == ({GATE: True}, [(NOON + 120,)])
    assert [record.getMessage() for record in caplog.records].count("a controller does not answer") == 1
    assert "a controller answers again" in caplog.text


def test_a_visit_is_ended_by_wish_and_seen_to_be(door: Door) -> None:
    phone = door.told.station(PHONE.colons)
    door.ask()
    door.orders()
    (session,) = door.desk.rows(tables.sessions, "id")
    with door.desk.store.writing() as connection:
        wish(connection, session[0], Act.END, reason="closed", by="office", now=NOON)
    door.later(30)
    door.wished()

    assert not phone.authorized
    assert door.sessions() == [("g1", PHONE.digits, 0, 0, 6)]


def test_a_slower_speed_is_told_in_the_middle_of_a_visit(door: Door) -> None:
    door.told.station(PHONE.colons)
    door.ask()
    door.orders()
    with door.desk.store.writing() as connection:
        connection.execute(update(tables.sessions).values(output_octets=3_000_000_000))
    door.overuse.sweep(NOON)
    door.later(1)
    door.wished()

    assert door.told.orders[-1]["down"] == 512
    assert [row[0] for row in door.desk.rows(tables.wishes, "outcome")] == ["done"]


def test_a_visit_whose_time_is_over_is_ended_where_the_controller_did_not(door: Door) -> None:
    phone = door.told.station(PHONE.colons)
    door.ask()
    door.orders()
    door.later(7300)
    door.look()

    assert not phone.authorized
    assert door.sessions() == [("g1", PHONE.digits, 0, 0, 5)]


def test_who_was_let_in_by_others_is_booked_without_a_promise_and_who_left_is_not_ended(door: Door) -> None:
    door.told.station(PHONE.colons)
    door.ask()
    door.orders()
    door.told.stations.clear()
    door.told.station(OTHER.colons, authorized=True)
    door.later(60)
    door.look()

    assert sorted(door.sessions(), key=str) == sorted(
        [("g1", PHONE.digits, 0, 0, None), (None, OTHER.digits, 0, 0, None)], key=str
    )


def test_two_doormen_take_an_order_once(door: Door) -> None:
    door.told.station(PHONE.colons)
    door.ask()
    taken = [door.doorman._orders.take(NOON) for _ in range(2)]

    assert [len(orders) for orders in taken] == [1, 0]


def test_a_box_that_fetches_its_orders_is_believed_when_it_has_done_them(door: Door) -> None:
    """OpenNDS at FAS level 3: what the portal heard of its authmon stands in the order."""
    box = OpenNds(GATE, door.desk.store, door.desk.clock.now)
    door.doorman.adopt(door.doorman._sites, {GATE: box})
    door.ask()
    door.orders()
    assert door.outcomes() == [None]
    assert len(door.desk.rows(tables.reservations, "class_token")) == 1  # which the portal may now hand out

    with door.desk.store.writing() as connection:
        connection.execute(update(tables.admissions).values(fetched_at=NOON + 1))
    door.later(5)
    door.orders()
    assert door.outcomes() == ["admitted"]

    door.later(600)
    with door.desk.store.writing() as connection:
        left = {"left_at": NOON + 600, "left_cause": 4, "upload": 100, "download": 5000}
        connection.execute(update(tables.admissions).values(**left))
    door.look()
    assert door.sessions() == [("g1", PHONE.digits, 100, 5000, 4)]


def test_what_a_box_never_told_of_is_over_when_its_time_is(door: Door) -> None:
    box = OpenNds(GATE, door.desk.store, door.desk.clock.now)
    door.doorman.adopt(door.doorman._sites, {GATE: box})
    door.ask()
    door.orders()
    with door.desk.store.writing() as connection:
        connection.execute(update(tables.admissions).values(fetched_at=NOON + 1))
    door.later(5)
    door.orders()
    door.later(7300)
    door.look()

    assert door.sessions() == [("g1", PHONE.digits, 0, 0, 5)]
