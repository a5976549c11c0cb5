"""Who is online, asked of the store, agrees with what the pure session state says of the same facts."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, insert

from hotspot import presence
from hotspot.allowance import Usage
from hotspot.session import Facts, State, state
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import nas_facts, reservations, sessions
from tests.rows import reservation_of

NOW = 1_780_000_000


def session_row(number: int, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "uid": f"u{number}", "generation": 0, "nas": "gw-a", "site": "alun-alun", "acct_session_id": f"s{number}",
        "class_token": None, "grant_id": None, "way": "tap", "user_name": None, "mac": f"0211220000{number:02x}",
        "address": None, "random_mac": True, "device_day": None, "started_at": NOW - 600, "last_seen_at": NOW - 60,
        "seconds": 540, "input_octets": 10, "output_octets": 90, "stopped_at": None, "stop_cause": None,
        "interim": 300, "counted_input": 10, "counted_output": 90, "first_received_at": NOW - 600,
        "changed_at": NOW - 60, "gone_at": None, "scrubbed_at": None, "client": None, "authentic": None,
    }  # fmt: skip
    return row | changes


SITUATIONS = [
    {"last_seen_at": NOW - 60},
    {"last_seen_at": NOW - 900},
    {"last_seen_at": NOW - 901},
    {"last_seen_at": NOW - 3000, "interim": 1000},
    {"last_seen_at": NOW - 3001, "interim": 1000},
    {"stopped_at": NOW - 60},
    {"gone_at": NOW - 60},
    {"gone_at": NOW - 61},
    {"nas": "gw-rebooted", "started_at": NOW - 600, "last_seen_at": NOW - 400},
    {"nas": "gw-rebooted", "started_at": NOW - 600, "last_seen_at": NOW - 100},
    {"nas": "gw-rebooted", "started_at": NOW - 200, "last_seen_at": NOW - 100},
]


@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
def test_the_store_and_the_pure_state_agree_on_who_is_open(either_store: Store, situation: dict[str, Any]) -> None:
    row = session_row(1, **situation)
    boot_at = NOW - 300 if row["nas"] == "gw-rebooted" else None
    with either_store.writing() as connection:
        connection.execute(insert(sessions), row)
        if boot_at is not None:
            connection.execute(insert(nas_facts), {"nas": "gw-rebooted", "boot_at": boot_at, "heard_at": NOW})

    facts = Facts(row["started_at"], row["last_seen_at"], row["stopped_at"], row["interim"], row["gone_at"])
    pure = state(facts, boot_at, NOW)
    with either_store.reading() as connection:
        stored = presence.clients_by_site(connection, NOW)

    assert stored == ({"alun-alun": 1} if pure is State.OPEN else {})


def test_a_site_counts_the_others_and_the_accepted_who_have_not_started(either_store: Store, sites: Sites) -> None:
    expected = {
        "class_token": "hs1:a", "grant_id": "g1", "nas": "gw-a", "site": "alun-alun", "mac": "0211220000aa",
        "way": "tap", "device_day": None, "reserved_at": NOW - 10, "ends_at": NOW + 60, "interim": 300,
        "started_at": None,
    }  # fmt: skip
    late = expected | {"class_token": "hs1:b", "grant_id": "g2", "mac": "0211220000bb", "reserved_at": NOW - 61}
    with either_store.writing() as connection:
        connection.execute(insert(sessions), [session_row(1), session_row(2), session_row(3, site="museum")])
        connection.execute(insert(reservations), [expected, late])

    with either_store.reading() as connection:
        mine = presence.facts(connection, sites, presence.Asking("alun-alun", "021122000001", None, "tap"), NOW)

    assert mine.clients_here == 2  # session 2 and the one who is expected; session 1 is this client's own


def test_a_day_is_summed_over_all_sites_by_client_and_way(either_store: Store, sites: Sites) -> None:
    mine = {"client": "c1", "started_at": NOW - 60, "seconds": 50}
    rows = [
        session_row(1, **mine),
        session_row(2, **mine, site="museum", way=None),
        session_row(3, **mine, way="voucher"),
        session_row(4, **mine | {"client": "c2"}),
        session_row(5, **mine | {"started_at": NOW - 86400}),
    ]
    with either_store.writing() as connection:
        connection.execute(insert(sessions), rows)

    with either_store.reading() as connection:
        asked = presence.facts(connection, sites, presence.Asking("alun-alun", "021122000001", "c1", "tap"), NOW)
    assert asked.used == Usage(seconds=100, octets=200)


def test_the_other_phones_of_an_account_are_counted_and_those_of_a_tap_replaced(
    either_store: Store, sites: Sites
) -> None:
    rows = [session_row(number, client="c1", way="staff") for number in (1, 2, 3)]
    coming = reservation_of(session_row(4, class_token="hs1:d", grant_id="g4"), client="c1", started_at=None)
    with either_store.writing() as connection:
        connection.execute(insert(sessions), [*rows, session_row(5, client="c1", stopped_at=NOW - 5)])
        connection.execute(insert(reservations), coming | {"reserved_at": NOW - 10})

    with either_store.reading() as connection:
        found = {
            way: presence.facts(connection, sites, presence.Asking("alun-alun", "021122000001", "c1", way), NOW)
            for way in ("staff", "tap")
        }
    assert {way: ask.client_sessions for way, ask in found.items()} == {"staff": 3, "tap": 0}


def test_one_client_is_looked_for_by_its_own_indexes_however_many_are_online(store: Store, sites: Sites) -> None:
    asked: list[tuple[str, Any]] = []
    with store.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda _c, _u, text, values, *_: asked.append((text, values)))
        presence.facts(connection, sites, presence.Asking("alun-alun", "021122000001", "c1", "voucher"), NOW)
        plans = [
            str(row)
            for text, values in asked[:]
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        ]

    found = " ".join(plans)
    for index in ("ix_sessions_client", "ix_sessions_mac", "ix_reservations_client", "ix_reservations_mac"):
        assert index in found
    assert not [plan for plan in plans if "SCAN sessions" in plan or "SCAN reservations" in plan]
