"""Who is counted and who may come: accounts on several phones, MACs that are remembered, blocks, the calendar."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from hotspot import clients, tables
from hotspot.mac import Mac
from hotspot.policy import Reason
from hotspot.session import Facts, State, state
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.wishes import EXTEND, Act, wish
from hotspot.wishes import Outcome as Fate
from radius.books import Outcome
from radius.event import Status
from radius.fulfilment import Finish
from radius.login import Accepted, Login, Refused
from radius.overuse import Overuse
from radius.wishlist import Wishlist
from tests.conftest import FixedClock
from tests.integration.radius.desk import KEY, MAC, NAS, NOON, SITE, Desk, report

ELSEWHERE = {"nas": "gw-alun-alun-kutoarjo", "site": "alun-alun-kutoarjo"}
OWNER = "a" * 32


@pytest.fixture
def wide(sites: Sites) -> Sites:
    """The sample town, where vouchers and staff are let in and every site is open at noon."""
    ways = {name: one.model_copy(update={"ways": ("tap", "voucher", "staff")}) for name, one in sites.policies.items()}
    return sites.model_copy(update={"policies": ways})


@pytest.fixture
def desk(shelf: Store, wide: Sites, tmp_path: Path) -> Any:
    made = Desk(shelf, wide, tmp_path / "keys", FixedClock(NOON))
    made.clear()
    yield made
    made.clear()


def put(desk: Desk, table: Any, **row: Any) -> None:
    with desk.store.writing() as connection:
        connection.execute(insert(table), row)


def remember(desk: Desk, mac: Mac = MAC, **facts: Any) -> None:
    row = {"client": OWNER, "way": "tap", "notice": "n", "language": "id", "since": NOON - 9, "until": NOON + 9000}
    put(desk, tables.remembered, **row | {"token": clients.memory_of(KEY, mac)} | facts)


def voucher(desk: Desk, **facts: Any) -> None:
    batch = {"label": "b", "devices": 2, "valid_from": NOON - 9, "valid_until": NOON + 90000, "created_by": "x"}
    put(desk, tables.batches, id=1, created_at=NOON, **batch | facts)
    put(desk, tables.vouchers, id=1, batch=1, serial=1, hash="h", client=OWNER, spent_seconds=0, spent_octets=0)


def calls(desk: Desk, **where: str) -> Outcome:
    """A NAS asks for a MAC."""
    place = {"nas": NAS, "site": SITE} | where
    (outcome,) = desk.book(Login(None, place["nas"], place["site"], MAC))
    return outcome


def test_a_remembered_visitor_walks_from_one_nas_to_another_without_a_second_login(desk: Desk) -> None:
    remember(desk)

    here = calls(desk)
    desk.book(report(Status.START, NOON, 0, "s1", class_token=getattr(here, "class_token", None), user_name=MAC.colons))
    there = calls(desk, **ELSEWHERE)

    assert isinstance(here, Accepted)
    assert isinstance(there, Accepted)
    assert here.class_token != there.class_token
    assert desk.rows(tables.reservations, "client", "way", "grant_id") == [(OWNER, "tap", None)] * 2
    assert desk.rows(tables.sessions, "client", "way") == [(OWNER, "tap")]


def test_who_is_not_remembered_any_more_is_unknown(desk: Desk) -> None:
    unknown = Refused(Reason.UNKNOWN_CLIENT)
    assert calls(desk) == unknown
    remember(desk, until=NOON)
    assert calls(desk) == unknown
    with desk.store.writing() as connection:
        connection.execute(update(tables.remembered).values(until=NOON + 9, forgotten_at=NOON))
    assert calls(desk) == unknown


def test_a_mac_alone_gets_one_tap_service_whatever_its_owner_came_in_with(desk: Desk) -> None:
    """Nobody gets at a voucher's speed and data by a MAC from the air."""
    voucher(desk, octets=10**12, down=10**9)
    remember(desk, way="voucher")
    outcome = calls(desk)

    assert isinstance(outcome, Accepted)
    assert (outcome.way, outcome.limits.down) == ("tap", 8_000_000)


def test_a_lost_accept_of_a_remembered_mac_is_given_again_and_a_later_login_is_new(desk: Desk) -> None:
    remember(desk)
    first, again = calls(desk), calls(desk)
    desk.clock.at += 61
    later = calls(desk)

    tokens = [getattr(outcome, "class_token", None) for outcome in (first, again, later)]
    assert tokens[0] == tokens[1] != tokens[2]


def test_of_thirty_two_phones_with_one_voucher_for_two_two_are_let_in(desk: Desk, wide: Sites, tmp_path: Path) -> None:
    voucher(desk)
    desks = [Desk(desk.store, wide, tmp_path / "keys", FixedClock(NOON)) for _ in range(4)]
    places: list[dict[str, Any]] = [{}, ELSEWHERE]
    logins = [
        desk.mint(f"g{n}", mac=f"0211220{n:05x}", way="voucher", client=OWNER, **places[n % 2]) for n in range(32)
    ]
    outcomes: list[Outcome] = []

    def ask(number: int) -> None:
        for login in logins[number::4]:
            outcomes.extend(desks[number].book(login))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == 2
    assert sum(outcome == Refused(Reason.DEVICES, "voucher") for outcome in outcomes) == 30


def test_a_vouchers_data_is_what_its_sessions_left_of_it_on_all_phones(desk: Desk) -> None:
    voucher(desk, octets=10_000_000)
    first = desk.book(desk.mint("g1", way="voucher", client=OWNER))[0]
    used = {"class_token": getattr(first, "class_token", None), "input_octets": 4_000_000, "output_octets": 0}
    desk.book(report(Status.STOP, NOON + 60, 60, "s1", **used))
    second = desk.book(desk.mint("g2", way="voucher", client=OWNER, mac="021122000002"))[0]
    tapped = desk.book(desk.mint("g3"))[0]

    assert isinstance(second, Accepted)
    assert isinstance(tapped, Accepted)
    assert (second.limits.octets, tapped.limits.octets) == (6_000_000, None)


@pytest.mark.parametrize("whose", ["the account", "the phone", "an account by MAC"])
def test_who_is_blocked_is_refused_until_the_block_ends_or_is_lifted(desk: Desk, whose: str) -> None:
    blocked = clients.of_mac(KEY, MAC) if whose == "the phone" else OWNER
    put(desk, tables.blocks, kind="client", client=blocked, label="x", reason="x", blocked_by="x", since=NOON,
        until=NOON + 60)  # fmt: skip
    remember(desk)

    def tries(grant: str) -> Outcome:
        if whose == "an account by MAC":
            return calls(desk)
        return desk.book(desk.mint(grant, way="staff", client=OWNER))[0]

    refused = tries("g1")
    desk.clock.at += 61
    assert (refused, isinstance(tries("g2"), Accepted)) == (
        Refused(Reason.BLOCKED, "tap" if whose == "an account by MAC" else "staff"), True,
    )  # fmt: skip


def test_an_event_closes_a_site_and_leaves_the_others_open(desk: Desk) -> None:
    event = {"label": "upacara", "began_at": NOON - 60, "ends_at": NOON + 60, "created_by": "x", "created_at": 0}
    put(desk, tables.calendar, site=SITE, doors="closed", **event)

    assert desk.book(desk.mint("g1")) == [Refused(Reason.CLOSED, "tap")]
    assert isinstance(desk.book(desk.mint("g2", **ELSEWHERE))[0], Accepted)
    desk.clock.at += 61
    assert isinstance(desk.book(desk.mint("g3"))[0], Accepted)


def test_by_tap_a_new_phone_of_a_client_takes_the_place_of_the_old_one(desk: Desk) -> None:
    first = desk.book(desk.mint("g1", client=OWNER))[0]
    desk.book(report(Status.START, NOON, 0, "s1", class_token=getattr(first, "class_token", None)))
    second = desk.book(desk.mint("g2", client=OWNER, mac="021122000002"))[0]

    assert isinstance(second, Accepted)
    assert desk.rows(tables.wishes, "act", "reason") == [("end", "replaced")]


def looking(desk: Desk, sites: Sites) -> Overuse:
    return Overuse(desk.store, sites, lambda mac: clients.of_mac(KEY, mac))


def block(desk: Desk, client: str, kind: str = "voucher", **facts: Any) -> None:
    row = {"kind": kind, "client": client, "label": "x", "reason": "x", "blocked_by": "x", "since": NOON}
    put(desk, tables.blocks, **row | facts)


def close(desk: Desk, **facts: Any) -> None:
    event = {"label": "x", "began_at": NOON, "ends_at": NOON + 3000, "created_by": "x", "created_at": 0}
    put(desk, tables.calendar, **event | {"doors": "closed"} | facts)


@pytest.mark.parametrize(
    "why", ["blocked", "the phone is blocked", "closed", "code-expired", "the batch is taken back"]
)
def test_a_session_whose_leave_is_taken_away_is_ended_before_it_reports_again(
    desk: Desk, wide: Sites, why: str
) -> None:
    voucher(desk)
    first = desk.book(desk.mint("g1", way="voucher", client=OWNER))[0]
    desk.book(report(Status.START, NOON, 0, "s1", class_token=getattr(first, "class_token", None)))
    overuse = looking(desk, wide)
    assert overuse.sweep(NOON + 100) == overuse.sweep(NOON + 200) == 0
    assert not overuse.has_news(NOON + 200)
    if why == "blocked":
        block(desk, OWNER)
    elif why == "the phone is blocked":
        block(desk, clients.of_mac(KEY, MAC), "client")
    elif why == "closed":
        close(desk)
    else:
        with desk.store.writing() as connection:
            table = tables.vouchers if why == "code-expired" else tables.batches
            connection.execute(update(table).values(revoked_at=NOON))

    assert overuse.has_news(NOON + 201)
    assert (overuse.sweep(NOON + 201), overuse.sweep(NOON + 202)) == (1, 0)
    reason = {"the phone is blocked": "blocked", "the batch is taken back": "code-expired"}.get(why, why)
    assert desk.rows(tables.wishes, "act", "reason") == [(Act.END.value, reason)]


def test_a_block_or_a_closing_that_begins_later_ends_a_session_when_it_begins(desk: Desk, wide: Sites) -> None:
    for grant, mac, client in (("g1", MAC.digits, OWNER), ("g2", "021122000002", "b" * 32)):
        done = desk.book(desk.mint(grant, way="staff", client=client, mac=mac))[0]
        desk.book(report(Status.START, NOON, 0, grant, mac=Mac(mac), class_token=getattr(done, "class_token", None)))
    block(desk, OWNER, since=NOON + 300)
    close(desk, site=SITE, began_at=NOON + 400)
    overuse = looking(desk, wide)

    assert [overuse.sweep(NOON + at) for at in (100, 299, 300, 301, 399, 400, 401)] == [0, 0, 1, 0, 0, 1, 0]
    assert sorted(desk.rows(tables.wishes, "reason")) == [("blocked",), ("closed",)]


def test_who_is_blocked_stays_wished_away_while_a_nas_says_nothing_and_reports_on(desk: Desk, wide: Sites) -> None:
    first = desk.book(desk.mint("g1", way="staff", client=OWNER))[0]
    step = report(Status.START, NOON, 0, "s1", class_token=getattr(first, "class_token", None))
    desk.book(step)
    block(desk, OWNER)
    overuse = looking(desk, wide)
    assert overuse.sweep(NOON + 1) == 1
    with desk.store.writing() as connection:
        connection.execute(update(tables.wishes).values(finished_at=NOON + 500, outcome="unanswered"))

    assert overuse.sweep(NOON + 501) == 0
    desk.book(replace(step, status=Status.INTERIM, at=NOON + 600, seconds=600, received_at=NOON + 600))
    assert overuse.sweep(NOON + 601) == 1


def test_s28_a_stop_that_comes_while_its_nas_is_asked_stands_whatever_the_answer(desk: Desk, wide: Sites) -> None:
    done = desk.book(desk.mint("g1", client=OWNER))[0]
    step = report(Status.START, NOON, 0, "s1", class_token=getattr(done, "class_token", None))
    desk.book(step)
    with desk.store.writing() as connection:
        number = connection.execute(select(tables.sessions.c.id)).scalar_one()
        wish(connection, number, Act.END, reason="office", by="office", now=NOON)
    wishlist = Wishlist(desk.store, wide)
    (case,) = wishlist.take(NOON)

    desk.book(replace(step, status=Status.STOP, at=NOON + 300, seconds=300, cause=1, received_at=NOON + 300))
    wishlist.note(case.wish, number, Finish(Fate.GONE, 1, 503), NOON + 301)

    columns = ("stopped_at", "stop_cause", "seconds")
    assert desk.rows(tables.sessions, *columns) == [(NOON + 300, 1, 300)]
    with desk.store.reading() as connection:
        row = connection.execute(select(tables.sessions)).one()
    facts = Facts(row.started_at, row.last_seen_at, row.stopped_at, row.interim, row.gone_at)
    assert state(facts, None, NOON + 302) is State.STOPPED


@pytest.mark.parametrize(
    ("event", "seconds"),
    [
        (None, 7200),
        ({"doors": "closed", "began_at": NOON + 1800}, 1800),
        ({"policy": "short", "doors": None}, 600),
        ({"doors": "closed", "began_at": NOON - 60}, 3600),  # nothing more than was promised; it is ended anyway
    ],
)
def test_more_time_is_given_by_the_hours_and_the_calendar(
    desk: Desk, wide: Sites, event: dict[str, Any] | None, seconds: int
) -> None:
    usual = wide.policy_of(wide.site[SITE])
    short = usual.model_copy(update={"visit": usual.visit.model_copy(update={"time": 600})})
    town = wide.model_copy(update={"policies": {**wide.policies, "short": short}})
    first = desk.book(desk.mint("g1", client=OWNER))[0]
    desk.book(report(Status.START, NOON, 0, "s1", class_token=getattr(first, "class_token", None)))
    with desk.store.writing() as connection:
        connection.execute(update(tables.reservations).values(ends_at=NOON + 3600))
        number = connection.execute(select(tables.sessions.c.id)).scalar_one()
        wish(connection, number, Act.LIMIT, reason=EXTEND, by="portal", now=NOON)
    if event:
        close(desk, site=SITE, **event)

    (case,) = Wishlist(desk.store, town).take(NOON)

    assert case.limits.seconds == seconds


def test_a_session_that_the_gateway_let_in_by_itself_says_so(desk: Desk) -> None:
    desk.book(report(Status.START, NOON, 0, "s1", authentic=1))
    desk.book(report(Status.INTERIM, NOON + 300, 300, "s1", authentic=2))

    assert desk.rows(tables.sessions, "authentic") == [(2,)]


def test_a_session_that_rests_on_no_grant_of_ours_is_counted_and_told(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    first = desk.book(desk.mint("g1"))[0]
    desk.book(report(Status.START, NOON, 0, "ours", class_token=getattr(first, "class_token", None)))
    desk.book(report(Status.START, NOON, 0, "its own", authentic=2))
    assert "rests on no grant" not in caplog.text
    for session in ("a", "b"):
        desk.book(report(Status.START, NOON, 0, session), report(Status.INTERIM, NOON + 300, 300, session))

    assert f'hotspot_radius_unknown_sessions_total{{nas="{NAS}"}} 2.0' in desk.measures.page().decode()
    assert caplog.text.count("rests on no grant") == 1


def test_a_nas_that_gives_no_class_back_is_understood_by_the_grant_that_is_the_users_name(desk: Desk) -> None:
    grant = "g" + "a" * 16
    desk.book(desk.mint(grant, way="staff", client=OWNER))
    desk.book(report(Status.START, NOON, 0, "s1", user_name=grant))

    assert desk.rows(tables.sessions, "client", "way", "grant_id") == [(OWNER, "staff", grant)]
    assert desk.rows(tables.reservations, "started_at") == [(NOON,)]
