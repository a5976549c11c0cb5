"""Arriving at a place, in each condition that the place or the phone may be in."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import insert

from captive_portal.failure import Failure
from captive_portal.nas import Refusal
from captive_portal.pages.common import failure_page
from captive_portal.ways import WAYS
from captive_portal.ways.memory import Stay, remember
from hotspot import clients
from hotspot.mac import Mac
from hotspot.policy import Reason
from hotspot.tables import calendar, incident_members, incidents, intervals, maintenances, send_counts, sessions
from tests.integration.captive_portal.conftest import COOVA, MIKROTIK, Portal, coova, mikrotik
from tests.integration.captive_portal.states.state import AWAY, MUSEUM, NOW, Show, State, asked, fetched, get

PHONE = Mac("021122334455")
ALL_WAYS = tuple(way for way in WAYS if way != "again")
NO_TAP = tuple(way for way in ALL_WAYS if way != "tap")


def dark(portal: Portal, language: str) -> str:
    """The monitor sees that the line of the place is cut."""
    begin = NOW - 600
    with portal.store.writing() as connection:
        state = {"kind": "nas", "subject": MIKROTIK, "state": "shadow", "began_at": begin, "seen_until": NOW}
        connection.execute(insert(intervals).values(**state))
        incident = {"id": 1, "cause": "link-down", "kind": "link", "subject": "purworejo", "opened_at": begin}
        connection.execute(insert(incidents).values(**incident, evidence="{}", clients=3))
        member = {"incident": 1, "kind": "nas", "subject": MIKROTIK, "joined_at": begin}
        connection.execute(insert(incident_members).values(**member))
    return fetched(portal, mikrotik(), language)


def full(portal: Portal, language: str) -> str:
    facts = {"generation": 0, "started_at": NOW, "last_seen_at": NOW, "seconds": 0, "input_octets": 0, **MUSEUM}
    facts |= {"output_octets": 0, "interim": 300, "counted_input": 0, "counted_output": 0}
    facts |= {"first_received_at": NOW, "changed_at": NOW}
    with portal.store.writing() as connection:
        many = [facts | {"uid": f"u{n}", "acct_session_id": f"s{n}"} for n in range(60)]
        connection.execute(insert(sessions), many)
    return fetched(portal, coova(), language)


def away(portal: Portal, language: str) -> str:
    with portal.store.writing() as connection:
        connection.exec_driver_sql(f"ALTER TABLE intervals RENAME TO {AWAY}")
    return fetched(portal, coova(), language)


def planned(**facts: object) -> Show:
    """The office has put an event into the calendar, which goes on now."""

    def show(portal: Portal, language: str) -> str:
        row = {"site": MUSEUM["site"], "label": "Hari Raya", "began_at": NOW - 60, "ends_at": NOW + 86400}
        with portal.store.writing() as connection:
            connection.execute(insert(calendar).values(row | {"created_by": "ani", "created_at": 0} | facts))
        return fetched(portal, coova(), language)

    return show


def announced(begins_at: int) -> Show:
    """Work on the place is known beforehand."""

    def show(portal: Portal, language: str) -> str:
        row = {"kind": "site", "subject": MUSEUM["site"], "reason": "-", "began_at": begins_at, "ends_at": NOW + 7200}
        with portal.store.writing() as connection:
            connection.execute(insert(maintenances).values(row | {"created_by": "ani", "created_at": 0}))
        return fetched(portal, coova(), language)

    return show


def codes_used_up(portal: Portal, language: str) -> str:
    """The month's messages have been sent."""
    with portal.store.writing() as connection:
        connection.execute(insert(send_counts).values(month="2026-05", sender="sms", sent=3000, failed=0))
    return fetched(portal, coova(), language)


def rehearsed(portal: Portal, language: str) -> str:
    portal.clock.rehearsal = True
    return fetched(portal, coova(), language)


def scanned(portal: Portal, language: str) -> str:
    """With the cookie of a voucher's link."""
    portal.client.get("/v/482193057")
    return fetched(portal, coova(), language)


def remembered(portal: Portal, language: str) -> str:
    """A phone that came in by a voucher before."""
    stay = Stay(PHONE, clients.of_mac(portal.app.grant_key, PHONE), "voucher", "n" * 64, "id", NOW + 86400)
    with portal.store.writing() as connection:
        remember(connection, portal.app.grant_key, stay, NOW)
    return fetched(portal, coova(), language)


def failure(reason: Failure | Reason | Refusal, *, until: int | None = NOW + 7200) -> Show:
    def show(portal: Portal, language: str) -> str:
        with asked(portal, language):
            nas = portal.sites.nas[COOVA]
            return failure_page(portal.app, reason, nas, until, left=2).get_data(as_text=True)

    return show


def states() -> Iterator[State]:
    yield State("arrive", "arrive.arrive", get(coova()))
    yield State("arrive-ways", "arrive.arrive", get(coova()), ways=ALL_WAYS)
    yield State("arrive-codes", "arrive.arrive", get(coova()), ways=NO_TAP)
    yield State("arrive-scanned", "arrive.arrive", scanned, writes=True, ways=NO_TAP)
    yield State("arrive-remembered", "arrive.arrive", remembered, writes=True, ways=NO_TAP)
    yield State("arrive-rehearsal", "arrive.arrive", rehearsed, writes=True)
    yield State("arrive-closed", "arrive.arrive", get(mikrotik(nas="gw-romansa-kuliner")))
    yield State("arrive-closed-by-event", "arrive.arrive", planned(doors="closed"), writes=True)
    yield State("arrive-work", "arrive.arrive", announced(NOW - 60), writes=True)
    yield State("arrive-work-to-come", "arrive.arrive", announced(NOW + 3600), writes=True)
    yield State("arrive-codes-used-up", "arrive.arrive", codes_used_up, writes=True, ways=NO_TAP)
    yield State("arrive-codes-used-up-voucher", "arrive.arrive", codes_used_up, writes=True, ways=("otp", "voucher"))
    yield State("arrive-failed", "arrive.arrive", get(coova("failed", more="&reply=radius-away")))
    yield State("arrive-used-up", "arrive.arrive", get(coova("failed", more="&reply=time-used")))
    yield State("arrive-dark", "arrive.arrive", dark, writes=True)
    yield State("arrive-dark-codes", "arrive.arrive", dark, writes=True, ways=NO_TAP)
    yield State("arrive-full", "arrive.arrive", full, writes=True)
    yield State("arrive-full-codes", "arrive.arrive", full, writes=True, ways=NO_TAP)
    yield State("arrive-away", "arrive.arrive", away, writes=True)
    yield State("arrive-unknown", "arrive.arrive", get("/arrive/gw-nowhere"))
    for word in sorted({*Failure, *Reason, *Refusal}):
        yield State(f"failure-{word}", "connect.connect", failure(word))
    yield State("failure-blocked-for-good", "connect.connect", failure(Failure.BLOCKED, until=None))
    yield State("failure-too-many-unknown", "connect.connect", failure(Failure.TOO_MANY, until=None))
