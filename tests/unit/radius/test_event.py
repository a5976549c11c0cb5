"""What an Accounting-Request is read as."""

from __future__ import annotations

import pytest

from hotspot.nightly.days import REACH
from hotspot.tables import sessions
from hotspot.wire import Attr, Request, integer, text
from radius.event import LONGEST_DELAY, LONGEST_SESSION, Boot, SignOfLife, Status, Step, event_time, read_event

NOW = 1_780_000_000
TOKEN = "hs1:" + "0123456789abcdef" * 2


def request(*attributes: tuple[int, bytes]) -> Request:
    values: dict[int, list[bytes]] = {}
    for kind, value in attributes:
        values.setdefault(kind, []).append(value)
    return Request(4, 1, bytes(16), values, b"", None)


def step(*attributes: tuple[int, bytes], status: Status = Status.INTERIM) -> Step:
    base = (integer(Attr.ACCT_STATUS_TYPE, status), text(Attr.ACCT_SESSION_ID, "80f00001"))
    found = read_event(request(*base, *attributes), "gw-a", "a", NOW)
    assert isinstance(found, Step)
    return found


@pytest.mark.parametrize(
    ("stamp", "delay", "expected"),
    [
        (NOW - 5, None, NOW - 5),
        (NOW + 299, 0, NOW + 299),
        (None, 30, NOW - 30),
        (NOW - 3600, 3600, NOW - 3600),
        (NOW - 3600, None, NOW),  # late by an hour and no word of a delay: the clock is wrong
        (NOW + 7 * 3600, None, NOW),  # local time sold as UTC
        (86_400, 10, NOW - 10),  # 1970
        (2**32 - 1, None, NOW),
        (None, 2**32 - 1, NOW - LONGEST_DELAY),
    ],
)
def test_the_time_of_an_event_is_the_nas_s_only_where_its_clock_can_be_right(
    stamp: int | None, delay: int | None, expected: int
) -> None:
    assert event_time(stamp, delay, NOW) == expected


def test_what_the_nas_did_not_say_is_none() -> None:
    found = step()

    assert (found.seconds, found.input_octets, found.output_octets, found.began_at) == (None, None, None, None)
    assert (found.class_token, found.user_name, found.mac, found.address) == (None, None, None, None)


def test_gigawords_count_the_wraps_and_alone_say_nothing() -> None:
    found = step(
        integer(Attr.ACCT_OUTPUT_OCTETS, 1_952_267_900),
        integer(Attr.ACCT_OUTPUT_GIGAWORDS, 5),
        integer(Attr.ACCT_INPUT_GIGAWORDS, 9),
    )

    assert (found.output_octets, found.input_octets) == (23_427_104_380, None)


def test_a_counter_of_the_wrong_size_is_not_said() -> None:
    assert step((Attr.ACCT_OUTPUT_OCTETS, b"\0\0\1")).output_octets is None


def test_a_session_time_of_years_is_not_believed() -> None:
    assert step(integer(Attr.ACCT_SESSION_TIME, 2**32 - 1)).began_at is None
    assert step(integer(Attr.ACCT_SESSION_TIME, 30 * 86400)).began_at == NOW - 30 * 86400


def test_our_class_is_found_among_others() -> None:
    assert step((25, b"other"), (25, TOKEN.encode()), (25, b"hs1:short")).class_token == TOKEN
    assert step((25, TOKEN.upper().encode())).class_token is None


@pytest.mark.parametrize(
    "spelling", ["02-11-22-AA-BB-CC", "02:11:22:aa:bb:cc", "021122aabbcc", "02-11-22-AA-BB-CC:Kota"]
)
def test_every_spelling_of_the_client_is_one_mac(spelling: str) -> None:
    mac = step(text(Attr.CALLING_STATION_ID, spelling)).mac

    assert mac is not None
    assert mac.digits == "021122aabbcc"


def test_a_start_without_a_session_time_begins_at_its_own_time() -> None:
    assert step(status=Status.START).began_at == NOW


def test_the_cause_is_a_stops_only() -> None:
    cause = integer(Attr.ACCT_TERMINATE_CAUSE, 4)

    assert (step(cause).cause, step(cause, status=Status.STOP).cause) == (None, 4)


@pytest.mark.parametrize("status", [Status.ON, Status.OFF])
def test_on_and_off_are_boots_at_their_time(status: Status) -> None:
    asked = request(integer(Attr.ACCT_STATUS_TYPE, status), integer(Attr.ACCT_DELAY_TIME, 20))

    assert read_event(asked, "gw-a", "a", NOW) == Boot("gw-a", NOW - 20)


@pytest.mark.parametrize(
    "attributes",
    [
        (),
        (integer(40, 99), text(44, "s")),
        (integer(40, 1),),
        (integer(40, 1), text(44, "")),
        ((40, b"\1"), text(44, "s")),
    ],
)
def test_what_cannot_be_booked_is_a_sign_of_life(attributes: tuple[tuple[int, bytes], ...]) -> None:
    assert read_event(request(*attributes), "gw-a", "a", NOW) == SignOfLife("gw-a", NOW)


def test_the_nightly_count_reaches_back_as_far_as_a_late_report_of_a_long_session() -> None:
    assert LONGEST_DELAY + LONGEST_SESSION <= REACH


def test_no_index_of_sessions_has_to_be_written_for_an_interim() -> None:
    """Else PostgreSQL writes all of them."""
    moving = {"last_seen_at", "seconds", "input_octets", "output_octets", "changed_at"}
    assert not [index.name for index in sessions.indexes if moving & {column.name for column in index.columns}]
