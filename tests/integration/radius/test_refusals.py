"""What is kept of logins: sums by the hour, and the latest refusals so that a person can be told why."""

from __future__ import annotations

from hotspot import tables
from hotspot.mac import Mac
from hotspot.policy import Reason
from radius.login import Login, Refused
from radius.refusals import MOST_PER_MINUTE, Refusal
from tests.integration.radius.desk import MAC, NAS, NOON, SITE, Desk


def test_a_refusal_is_written_with_its_reason_and_every_login_counted(desk: Desk) -> None:
    desk.book(desk.mint("g1"), desk.mint("g2", mac="021122000002"))
    desk.clock.at += 301
    desk.book(desk.mint("g3", expires_at=NOON), Refusal(NAS, SITE, Refused(Reason.PASSWORD, mac=MAC.digits), NOON))

    assert desk.rows(tables.refusals, "reason", "grant_id", "mac", "way") == [
        ("grant-expired", "g3", MAC.digits, "tap"),
        ("password", None, MAC.digits, None),
    ]
    assert desk.rows(tables.login_hours, "way", "result", "number") == [
        ("none", "password", 1),
        ("tap", "accepted", 2),
        ("tap", "grant-expired", 1),
    ]


def test_a_phone_that_comes_near_is_no_failed_login(desk: Desk) -> None:
    assert desk.book(Login(None, NAS, SITE, Mac("021122000009"))) == [Refused(Reason.UNKNOWN_CLIENT)]
    assert desk.rows(tables.refusals, "reason") == desk.rows(tables.login_hours, "result") == []


def test_a_flood_writes_no_more_rows_than_a_minute_may_and_is_counted_whole(desk: Desk) -> None:
    flood = [Refusal(NAS, SITE, Refused(Reason.PASSWORD), NOON)] * 100
    for _ in range(8):
        desk.book(*flood)
    desk.clock.at += 60
    desk.book(*flood)

    assert len(desk.rows(tables.refusals, "id")) == MOST_PER_MINUTE + 100
    assert desk.rows(tables.login_hours, "number") == [(900,)]
