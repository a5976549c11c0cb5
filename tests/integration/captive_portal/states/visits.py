"""A visit from the first answer of the NAS to its end, and the question that is asked about it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import insert

from captive_portal.opinion import ELEMENTS, element_of
from hotspot.grants import new_id
from hotspot.tables import grants
from tests.integration.captive_portal.conftest import COOVA, Portal, coova
from tests.integration.captive_portal.states.arrivals import ALL_WAYS
from tests.integration.captive_portal.states.state import MUSEUM, NOW, Show, State, fetched, get
from tests.integration.captive_portal.test_status import began, promised, tapped


def online(path: str = "/status?grant={}", after: int = 1800, **facts: object) -> Show:
    """A page of a visit that began half an hour ago."""

    def show(portal: Portal, language: str) -> str:
        grant = tapped(portal, coova())
        promised(portal, grant, **MUSEUM)
        known = {**MUSEUM, "last_seen_at": NOW + after - 10, "address": "10.1.0.7"}
        began(portal, grant, class_token="hs1:1", **{**known, **facts})
        portal.clock.at += after
        return fetched(portal, path.format(grant), language)

    return show


def asked_about(element: int) -> Show:
    """The visit whose question is this one of the nine."""
    grant = next(one for one in (new_id(bytes([n] * 10)) for n in range(256)) if element_of(one) == element)

    def show(portal: Portal, language: str) -> str:
        row = {"id": grant, "nas": COOVA, "site": MUSEUM["site"], "mac": "021122334455", "way": "tap", "flow": "f"}
        with portal.store.writing() as connection:
            connection.execute(insert(grants).values(row | {"minted_at": NOW, "expires_at": NOW + 300}))
        promised(portal, grant, **MUSEUM)
        return fetched(portal, f"/status?grant={grant}", language)

    return show


def waiting(portal: Portal, language: str) -> str:
    return fetched(portal, f"/status?grant={tapped(portal, coova())}", language)


def lapsed(portal: Portal, language: str) -> str:
    grant = tapped(portal, coova())
    portal.clock.at += 400
    return fetched(portal, f"/status?grant={grant}", language)


def too_far(portal: Portal, language: str) -> str:
    grant = tapped(portal, coova())
    promised(portal, grant, **MUSEUM)
    began(portal, grant, class_token="hs1:1", seconds=6 * 3600, **MUSEUM)
    return portal.client.post("/extend", data={"grant": grant, "lang": language}).text


def states() -> Iterator[State]:
    yield State("status-waiting", "status.status", waiting, writes=True)
    yield State("status-online", "status.status", online(), writes=True)
    yield State("status-last-minute", "status.status", online(after=7170), writes=True)
    yield State("status-code", "status.status", online(), writes=True, ways=ALL_WAYS)
    yield State("status-extended", "status.status", online("/status?grant={}&extended=1"), writes=True)
    yield State("status-slow", "status.status", online(output_octets=3 * 10**9), writes=True)
    yield State("status-ended", "status.status", online(stopped_at=NOW + 60), writes=True)
    yield State("status-lapsed", "status.status", lapsed, writes=True)
    yield State("status-left", "status.status", get("/status?left=1"))
    yield State("status-unknown", "status.status", get("/status"))
    for element in range(1, ELEMENTS + 1):
        yield State(f"opinion-{element}", "status.status", asked_about(element), writes=True)
    yield State("opinion-thanked", "opinion.opinion", online("/status?grant={}&thanked=1"), writes=True)
    yield State("extend-refused", "status.extend", too_far, writes=True)
