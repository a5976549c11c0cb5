"""What else goes wrong between NASes and RADIUS, by the numbers of docs/accounting.md, on both databases."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotspot import presence, tables
from hotspot.clock import local_day, local_hour
from hotspot.policy import Reason
from hotspot.session import Facts, State, state
from hotspot.sites import Sites, load
from radius.books import Done, Outcome
from radius.event import Boot, Status
from radius.login import Accepted, Refused
from tests.conftest import ROOT, FixedClock
from tests.integration.radius.conftest import Town
from tests.integration.radius.desk import NAS, NOON, SITE, Desk, report
from tests.integration.radius.stories import HOUSE, SQUARE, WHOLE, Row, Story, interim, start
from tests.integration.radius.telling import Teller, teller
from tests.peers.nas_voice import Key


@pytest.fixture(scope="module")
def ours(town: Town) -> Iterator[Teller]:
    with teller(town) as found:
        yield found


def states(desk: Desk, now: float) -> list[tuple[str, State]]:
    boots = dict(desk.rows(tables.nas_facts, "nas", "boot_at"))
    names = ("acct_session_id", "nas", "started_at", "last_seen_at", "stopped_at", "interim")
    rows = desk.rows(tables.sessions, *names)
    return [(name, state(Facts(*facts), boots.get(nas), now)) for name, nas, *facts in rows]


def test_s03_a_session_whose_stop_was_lost_goes_stale_at_its_last_sign_of_life(desk: Desk) -> None:
    desk.book(report(Status.START, NOON - 2000, 0), report(Status.INTERIM, NOON - 1000, 1000))

    assert states(desk, NOON - 101) == [("s1", State.OPEN)]
    assert states(desk, NOON) == [("s1", State.STALE)]


def test_s15_a_visitor_who_returns_after_a_silent_boot_has_a_new_session_and_the_old_goes_stale(desk: Desk) -> None:
    desk.book(report(Status.INTERIM, NOON - 2000, 600, "80f00001", class_token="hs1:" + "1" * 32))
    desk.book(report(Status.START, NOON - 60, 0, "80f00001", class_token="hs1:" + "2" * 32))

    assert sorted(words for _, words in states(desk, NOON)) == [State.OPEN, State.STALE]


def test_s17_a_boot_with_five_thousand_open_sessions_touches_one_row_and_holds_up_nobody(desk: Desk) -> None:
    steps = [report(Status.START, NOON - 100, 0, f"s{number}") for number in range(5000)]
    for first in range(0, len(steps), 1000):
        assert set(desk.book(*steps[first : first + 1000])) == {Done()}
    before = desk.rows(tables.sessions, "changed_at")

    began = time.perf_counter()
    assert desk.book(Boot(NAS, NOON)) == [Done()]
    assert time.perf_counter() - began < 0.5

    assert desk.rows(tables.sessions, "changed_at") == before
    with desk.store.reading() as connection:
        assert presence.clients_by_site(connection, NOON + 10) == {}


@pytest.mark.parametrize("hours", [1, 10])
def test_s21_a_backlog_of_hours_is_booked_where_it_belongs(ours: Teller, town: Town, hours: int) -> None:
    back = (hours - 1) * 3600  # beyond the hour that a story begins ago
    told = tuple(replace(one, at=one.at - back) for one in WHOLE)
    sessions = [ours.tell(Story(f"visitor {number}", told, ())) for number in range(65)]

    assert all(ours.ours(session) == [Row(-back, 900 - back, 900, 30, 300)] for session in sessions)
    found = {row["hour"] for row in town.rows(tables.usage_hours, nas=SQUARE) if row["input_octets"]}
    assert local_hour(ours.began + 900 - back, town.sites.timezone) in found


def test_s24_one_identifier_for_an_interim_and_a_stop_is_two_packets(ours: Teller) -> None:
    """accel-ppp issue 97."""
    packets = [ours.octets(told, "s24", identifier=9) for told in (WHOLE[2], WHOLE[3])]
    replies = [ours.voices[SQUARE].exchange(packet) for packet in packets]

    assert None not in replies
    assert replies[0] != replies[1]
    assert ours.ours("s24") == [Row(0, 900, 900, 30, 300)]


def test_s25_the_same_octets_are_answered_alike_and_a_minute_later_booked_no_second_time(ours: Teller) -> None:
    packet = ours.octets(WHOLE[3], "s25")
    first, again = (ours.voices[SQUARE].exchange(packet) for _ in range(2))
    later = ours.voices[SQUARE].exchange(ours.octets(WHOLE[3], "s25"))  # forgotten by then: a new Identifier

    assert first == again is not None
    assert later is not None
    assert ours.ours("s25") == [Row(0, 900, 900, 30, 300)]


def test_s30_who_roams_without_a_stop_is_open_at_both_until_the_first_goes_stale(desk: Desk) -> None:
    desk.book(report(Status.INTERIM, NOON - 890, 600))
    desk.book(report(Status.START, NOON, 0, "s2", nas=HOUSE, site="pendopo-wabup"))

    assert states(desk, NOON) == [("s1", State.OPEN), ("s2", State.OPEN)]
    assert states(desk, NOON + 20) == [("s1", State.STALE), ("s2", State.OPEN)]


def test_s31_an_accept_without_a_start_holds_its_place_for_a_minute(desk: Desk, sites: Sites) -> None:
    desk.book(desk.mint())
    other = presence.Asking(SITE, "021122ffffff", None, "tap")

    with desk.store.reading() as connection:
        held = presence.facts(connection, sites, other, NOON + 59).clients_here
        free = presence.facts(connection, sites, other, NOON + 61).clients_here
    assert (held, free) == (1, 0)


def changed(folder: Path, old: str, new: str) -> Sites:
    """The sample town with other words in its file."""
    text = (ROOT / "sites.yaml").read_text()
    assert re.search(old, text)
    (folder / "sites.yaml").write_text(re.sub(old, new, text))
    return load(folder / "sites.yaml")


def test_s32_of_thirty_two_logins_at_once_for_two_places_two_are_let_in(desk: Desk, tmp_path: Path) -> None:
    small = changed(tmp_path, r"capacity: \d+", "capacity: 2")
    desks = [Desk(desk.store, small, tmp_path / "keys", FixedClock(NOON)) for _ in range(4)]
    logins = [desk.mint(f"g{number}", mac=f"0211220{number:05x}") for number in range(32)]
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
    assert sum(outcome == Refused(Reason.FULL, "tap") for outcome in outcomes) == 30


@pytest.mark.parametrize("kind", [9, 10, 11, 12, 13, 14, 15, 99])
def test_s34_an_unknown_kind_of_report_is_acknowledged_and_books_nothing(ours: Teller, kind: int) -> None:
    session = ours.tell(Story("unknown", (replace(start(), status=kind),), ()))

    assert (ours.unanswered, ours.ours(session)) == (0, [])


def test_s35_a_report_without_a_session_id_is_acknowledged_and_books_nothing(ours: Teller, town: Town) -> None:
    before = len(town.rows(tables.sessions))
    attributes = ours.attributes(WHOLE[3], "s35")
    del attributes[44]

    assert ours.voices[SQUARE].exchange(ours.voices[SQUARE].packet(attributes)) is not None
    assert len(town.rows(tables.sessions)) == before


@pytest.mark.parametrize("claimed", [bytes(4), bytes((127, 66, 5, 1))])
def test_s36_a_session_is_its_senders_whatever_address_the_packet_claims(ours: Teller, claimed: bytes) -> None:
    """CoovaChilli sends 0.0.0.0; the other is the address of another NAS of ours."""
    session = f"s36-{claimed.hex()}"
    attributes = ours.attributes(WHOLE[3], session) | {4: [claimed], 32: [HOUSE.encode()]}

    assert ours.voices[SQUARE].exchange(ours.voices[SQUARE].packet(attributes)) is not None
    assert [row.nas for row in ours.ours(session)] == [SQUARE]


@pytest.mark.parametrize(
    ("number", "user"),
    [(1, b"u" * 253), (2, b"a\0b\r\nroot"), (3, "\U0001f4f6 Gratis".encode()), (4, b"\xff\xfe\x80")],
)
def test_s37_long_foreign_and_hostile_texts_are_booked_as_they_are(
    ours: Teller, town: Town, number: int, user: bytes
) -> None:
    session = f"s37-{number}"
    attributes = ours.attributes(WHOLE[3], session)
    many: dict[Key, list[bytes]] = {
        1: [user],
        30: [b"00-10-A4-23-19-C0:\xf0\x9f\x93\xb6:a:b"],
        18: [b"x" * 100] * 8,
        26: [b"\0\0\x37\x2a\x03\x05abc"],
    }

    assert ours.voices[SQUARE].exchange(ours.voices[SQUARE].packet(attributes | many)) is not None
    assert ours.ours(session) == [Row(0, 900, 900, 30, 300)]
    (row,) = town.rows(tables.sessions, acct_session_id=session)
    assert "\0" not in row["user_name"]
    assert row["mac"] == "021122aabbcc"


def test_s38_a_flood_of_interims_is_one_row(ours: Teller, town: Town) -> None:
    flood = [interim(second, second, 10 * second) for second in range(1, 301)]
    session = ours.tell(Story("flood", tuple(flood), ()))

    assert (ours.unanswered, ours.ours(session)) == (0, [Row(0, None, 300, 300, 3000)])
    assert len(town.rows(tables.sessions, acct_session_id=session)) == 1


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_s39_octets_over_midnight_and_a_months_end_stand_on_their_own_days(
    desk: Desk, tmp_path: Path, zone: str
) -> None:
    place = ZoneInfo(zone)
    midnight = int(datetime(2026, 12, 1, tzinfo=place).timestamp())
    there = changed(tmp_path, "Asia/Jakarta", zone)
    local = Desk(desk.store, there, tmp_path / "keys", FixedClock(midnight + 700))

    local.book(
        report(Status.START, midnight - 600, 0),
        report(Status.INTERIM, midnight - 1, 599, input_octets=5),
        report(Status.INTERIM, midnight, 600, input_octets=8),
        report(Status.STOP, midnight + 600, 1200, input_octets=9),
    )

    hours = desk.rows(tables.usage_hours, "hour", "input_octets")
    assert hours == [(midnight - 3600, 5), (midnight, 4)]
    assert [local_day(hour, place) for hour, _ in hours] == ["2026-11-30", "2026-12-01"]
    assert len(desk.rows(tables.sessions, "uid")) == 1


@pytest.mark.parametrize(
    ("seconds", "octets", "reason"), [(8 * 3600, 0, Reason.TIME_USED), (60, 2**40, Reason.DATA_USED)]
)
def test_s40_nothing_left_is_a_refusal_and_never_a_nought_on_the_wire(
    desk: Desk, seconds: int, octets: int, reason: Reason
) -> None:
    house: dict[str, Any] = {"nas": HOUSE, "site": "pendopo-wabup"}
    desk.book(report(Status.STOP, NOON, seconds, output_octets=octets, **house))

    assert desk.book(desk.mint(**house)) == [Refused(reason, "tap")]
