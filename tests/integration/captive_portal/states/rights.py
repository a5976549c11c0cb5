"""What a visitor may ask for: their data, its deletion, an answer to a complaint."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, update

from captive_portal.ways import memory
from captive_portal.ways.guesses import LIMITS
from hotspot import clients
from hotspot.mac import Mac
from hotspot.tables import complaints, erasures, incidents
from tests.integration.captive_portal.conftest import Portal, coova
from tests.integration.captive_portal.states.arrivals import ALL_WAYS, dark
from tests.integration.captive_portal.states.state import NOW, Show, State, fetched, get
from tests.integration.captive_portal.states.visits import online
from tests.integration.captive_portal.test_help import form


def of_phone(portal: Portal, language: str) -> str:
    portal.tap(portal.flow(coova()))
    return fetched(portal, f"/my-data?flow={portal.flow(coova())}", language)


def nothing_stored(portal: Portal, language: str) -> str:
    return fetched(portal, f"/my-data?flow={portal.flow(coova())}", language)


def everything(portal: Portal, language: str) -> str:
    """With a return code, a day after the visit."""
    online()(portal, language)
    portal.clock.at += 86400
    return fetched(portal, f"/my-data?flow={portal.flow(coova())}", language)


def by_code(typed: str = "", tries: int = 1) -> Show:
    """With a return code that was shown at an earlier visit, or with a wrong one."""

    def show(portal: Portal, language: str) -> str:
        portal.tap(portal.flow(coova()))
        client = clients.of_mac(portal.app.grant_key, Mac("021122334455"))
        with portal.store.writing() as connection:
            known = memory.Known(client, "tap")
            code = memory.show_code(connection, portal.app.grant_key, "g", known, now=NOW, until=NOW + 86400)
        data = {"code": typed or str(code), "lang": language}
        return [portal.client.post("/my-data/code", data=data).text for _ in range(tries)][-1]

    return show


def not_allowed(portal: Portal, language: str) -> str:
    return portal.client.post("/my-data", data={"lang": language}).text


def receipt(*, done: bool) -> Show:
    def show(portal: Portal, language: str) -> str:
        data = {"flow": portal.flow(coova()), "lang": language}
        place = portal.client.post("/my-data", data=data).headers["Location"]
        if done:
            with portal.store.writing() as connection:
                connection.execute(update(erasures).values(done_at=NOW + 1800, rows=4))
        return portal.client.get(place).text

    return show


def known_outage(portal: Portal, language: str) -> str:
    dark(portal, language)
    return fetched(portal, "/complaints?site=alun-alun-besar", language)


def wrong(**change: str) -> Show:
    def show(portal: Portal, language: str) -> str:
        return portal.client.post("/complaints", data=form(portal) | {"lang": language} | change).text

    return show


def filed(*, outage: bool = False, after: int = 60, **columns: object) -> Show:
    """Looked up some time after it was sent."""

    def show(portal: Portal, language: str) -> str:
        if outage:
            dark(portal, language)
        data = form(portal) | {"lang": language} | ({"site": "alun-alun-besar"} if outage else {})
        place = portal.client.post("/complaints", data=data).headers["Location"]
        if columns:
            with portal.store.writing() as connection:
                connection.execute(update(complaints).values(**columns))
        portal.clock.at += after
        return portal.client.get(place).text

    return show


def mended(portal: Portal, language: str) -> str:
    """The outage that was known has ended since."""
    filed(outage=True)(portal, language)
    with portal.store.writing() as connection:
        connection.execute(update(incidents).values(closed_at=NOW + 30))
        key = connection.execute(select(complaints.c.key)).scalar_one()
    return fetched(portal, f"/complaints/1?key={key}", language)


def too_many(portal: Portal, language: str) -> str:
    """Keys of reports were guessed."""
    return [fetched(portal, "/complaints/7?key=AAAAAA", language) for _ in range(LIMITS["reader"] + 1)][-1]


def states() -> Iterator[State]:
    yield State("my-data", "my_data.show", get("/my-data"))
    yield State("my-data-online", "my_data.show", online("/my-data?grant={}"), writes=True)
    yield State("my-data-over", "my_data.show", online("/my-data?grant={}", stopped_at=NOW + 60), writes=True)
    yield State("my-data-phone", "my_data.show", of_phone, writes=True)
    yield State("my-data-everything", "my_data.show", everything, writes=True, ways=ALL_WAYS)
    yield State("my-data-nothing", "my_data.show", nothing_stored)
    yield State("my-data-refused", "my_data.delete", not_allowed)
    yield State("my-data-code", "my_data.by_code", by_code(), writes=True)
    yield State("my-data-code-wrong", "my_data.by_code", by_code("AAAAAA"), writes=True)
    yield State("my-data-code-too-many", "my_data.by_code", by_code("AAAAAA", LIMITS["reader"] + 1), writes=True)
    yield State("receipt", "my_data.receipt", receipt(done=False), writes=True)
    yield State("receipt-done", "my_data.receipt", receipt(done=True), writes=True)
    yield State("receipt-unknown", "my_data.receipt", get("/my-data/receipt/AAAA"))
    yield State("complaint-form", "complaints.form", get("/complaints"))
    yield State("complaint-known", "complaints.form", known_outage, writes=True)
    yield State("complaint-no-place", "complaints.form", wrong(site=""))
    yield State("complaint-no-text", "complaints.form", wrong(text=" "))
    yield State("complaint-long-contact", "complaints.form", wrong(contact="0" * 129))
    yield State("complaint-incomplete", "complaints.form", wrong(nonce=""))
    yield State("complaint-filed", "complaints.filed", filed(), writes=True)
    yield State("complaint-filed-known", "complaints.filed", filed(outage=True), writes=True)
    yield State("complaint-mended", "complaints.filed", mended, writes=True)
    yield State("complaint-passed-on", "complaints.filed", filed(forwarded_at=NOW + 30, opd="kominfo"), writes=True)
    yield State("complaint-late", "complaints.filed", filed(after=3 * 86400), writes=True)
    answered = filed(answer="Antena sudah diganti.", answered_at=NOW + 3600)
    yield State("complaint-answered", "complaints.filed", answered, writes=True)
    yield State("complaint-unknown", "complaints.filed", get("/complaints/7?key=AAAAAA"), writes=True)
    yield State("complaint-too-many", "complaints.filed", too_many, writes=True)
