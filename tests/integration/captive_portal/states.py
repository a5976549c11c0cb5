"""Every page of the portal in every state that a visitor may meet, by name: looked at by axe-core and in pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import g, render_template
from sqlalchemy import insert, update

from captive_portal.failure import Failure
from captive_portal.nas import Posting, Refusal
from captive_portal.pages.common import failure_page
from captive_portal.pages.way import way_page
from captive_portal.ways import WAYS, Hurdle, Wrong
from hotspot import clients
from hotspot.mac import Mac
from hotspot.policy import Reason
from hotspot.tables import complaints, incident_members, incidents, intervals, otps, sessions
from tests.integration.captive_portal.conftest import COOVA, MIKROTIK, MORNING, Portal, coova, mikrotik
from tests.integration.captive_portal.test_help import form
from tests.integration.captive_portal.test_status import began, promised, tapped

NOW = int(MORNING)
MUSEUM: dict[str, Any] = {"nas": COOVA, "site": "museum-tosan-aji"}

# Endpoints that never show a page: data for machines, and ways to somewhere else.
NO_PAGE = frozenset(
    {
        "api.captive",
        "help.go",
        "help.called",
        "complaints.file",
        "my_data.look_up",
        "webhooks.greet",
        "webhooks.take",
        "guest.guest",
        "authmon.authmon",
        "smart_client.login",
    }
)


@dataclass(frozen=True)
class State:
    """``show`` gives the page in a language; one that ``writes`` brings a fresh portal into the state first."""

    name: str
    endpoint: str
    show: Callable[[Portal, str], str]
    writes: bool = False


def get(path: str) -> Callable[[Portal, str], str]:
    return lambda portal, language: fetched(portal, path, language)


def fetched(portal: Portal, path: str, language: str) -> str:
    return portal.client.get(f"{path}{'&' if '?' in path else '?'}lang={language}").text


def failure(reason: Failure | Reason | Refusal) -> Callable[[Portal, str], str]:
    def show(portal: Portal, language: str) -> str:
        with portal.app_of_flask.test_request_context(f"/connect?lang={language}"):
            g.language = language
            nas = portal.sites.nas[COOVA]
            return failure_page(portal.app, reason, nas, NOW + 7200, left=2).get_data(as_text=True)

    return show


def hand_over(portal: Portal, language: str) -> str:
    """For a NAS that takes a login by POST alone."""
    with portal.app_of_flask.test_request_context(f"/connect?lang={language}"):
        g.language = language
        posting = Posting("https://masuk.example.go.id/cgi-bin/login", {"cmd": "authenticate", "user": "gabc"})
        return render_template("hand_over.html", site=portal.sites.site["museum-tosan-aji"], posting=posting)


def again_by(way: str, reason: Hurdle) -> Callable[[Portal, str], str]:
    """The form of a way once more, after something was not right."""

    def show(portal: Portal, language: str) -> str:
        flow = portal.app.sealer.open(portal.flow(coova()), NOW)
        assert flow is not None
        with portal.app_of_flask.test_request_context(f"/connect?lang={language}"):
            g.language = language
            wrong = Wrong(reason, until=NOW + 600, left=2)
            return way_page(portal.app, portal.sites.nas[COOVA], flow, way, wrong).get_data(as_text=True)

    return show


def wait(portal: Portal, language: str) -> str:
    return fetched(portal, f"/wait?flow={portal.flow(coova())}", language)


def wait_for(way: str, *, confirmed: bool = False) -> Callable[[Portal, str], str]:
    """A code is on its way to the visitor, or a message from the visitor to us."""

    def show(portal: Portal, language: str) -> str:
        device = clients.memory_of(portal.app.grant_key, Mac("021122334455"))
        row = {"way": way, "device": device, "hash": "h" * 32, "site": MUSEUM["site"], "asked_at": NOW, "tries": 0}
        row |= {"expires_at": NOW + 300, "confirmed_at": NOW if confirmed else None}
        with portal.store.writing() as connection:
            connection.execute(insert(otps).values(row))
        return wait(portal, language)

    return show


def dark(portal: Portal, language: str) -> str:
    begin = NOW - 600
    with portal.store.writing() as connection:
        state = {"kind": "nas", "subject": MIKROTIK, "state": "shadow", "began_at": begin, "seen_until": NOW}
        connection.execute(insert(intervals).values(**state))
        incident = {"id": 1, "cause": "link-down", "kind": "link", "subject": "purworejo", "opened_at": begin}
        connection.execute(insert(incidents).values(**incident, evidence="{}", clients=3))
        member = {"incident": 1, "kind": "nas", "subject": MIKROTIK, "joined_at": begin}
        connection.execute(insert(incident_members).values(**member))
    return fetched(portal, mikrotik(), language)


def known_outage(portal: Portal, language: str) -> str:
    dark(portal, language)
    return fetched(portal, "/complaints?site=alun-alun-besar", language)


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
        connection.exec_driver_sql("ALTER TABLE intervals RENAME TO gone")
    return fetched(portal, coova(), language)


def visit(portal: Portal, path: str, language: str, **facts: object) -> str:
    grant = tapped(portal, coova())
    promised(portal, grant, **MUSEUM)
    began(portal, grant, class_token="hs1:1", **MUSEUM, **facts)
    portal.clock.at += 1800
    return fetched(portal, path.format(grant), language)


def waiting(portal: Portal, language: str) -> str:
    return fetched(portal, f"/status?grant={tapped(portal, coova())}", language)


def lapsed(portal: Portal, language: str) -> str:
    grant = tapped(portal, coova())
    portal.clock.at += 400
    return fetched(portal, f"/status?grant={grant}", language)


def slow(portal: Portal, language: str) -> str:
    return visit(portal, "/status?grant={}", language, output_octets=3 * 10**9, last_seen_at=NOW + 1790)


def online(path: str) -> Callable[[Portal, str], str]:
    return lambda portal, language: visit(portal, path, language, last_seen_at=NOW + 1790)


def ended(portal: Portal, language: str) -> str:
    return visit(portal, "/status?grant={}", language, stopped_at=NOW + 60)


def wrong_form(portal: Portal, language: str) -> str:
    return portal.client.post("/complaints", data=form(portal) | {"text": " ", "lang": language}).text


def filed(answer: str | None, *, late: bool = False) -> Callable[[Portal, str], str]:
    def show(portal: Portal, language: str) -> str:
        place = portal.client.post("/complaints", data=form(portal) | {"lang": language}).headers["Location"]
        with portal.store.writing() as connection:
            answered_at = NOW + 3600 if answer else None
            connection.execute(update(complaints).values(answer=answer, answered_at=answered_at))
        portal.clock.at += 3 * 86400 if late else 60
        return portal.client.get(place).text

    return show


def receipt(portal: Portal, language: str) -> str:
    data = {"flow": portal.flow(coova()), "lang": language}
    return portal.client.get(portal.client.post("/my-data", data=data).headers["Location"]).text


def my_data_of_phone(portal: Portal, language: str) -> str:
    portal.tap(portal.flow(coova()))
    return fetched(portal, f"/my-data?flow={portal.flow(coova())}", language)


def extended_too_far(portal: Portal, language: str) -> str:
    grant = tapped(portal, coova())
    promised(portal, grant, **MUSEUM)
    began(portal, grant, class_token="hs1:1", seconds=6 * 3600, **MUSEUM)
    return portal.client.post("/extend", data={"grant": grant, "lang": language}).text


def states() -> Iterator[State]:
    yield State("arrive", "arrive.arrive", get(coova()))
    yield State("arrive-closed", "arrive.arrive", get(mikrotik(nas="gw-romansa-kuliner")))
    yield State("arrive-failed", "arrive.arrive", get(coova("failed", more="&reply=time-used")))
    yield State("arrive-dark", "arrive.arrive", dark, writes=True)
    yield State("arrive-full", "arrive.arrive", full, writes=True)
    yield State("arrive-away", "arrive.arrive", away, writes=True)
    yield State("arrive-unknown", "arrive.arrive", get("/arrive/gw-nowhere"))
    for word in sorted({*Failure, *Reason, *Refusal}):
        yield State(f"failure-{word}", "connect.connect", failure(word))
    for way in sorted(WAYS):
        yield State(f"way-{way}", "connect.connect", again_by(way, Hurdle.TOO_MANY))
    for reason in sorted(Hurdle):
        yield State(f"hurdle-{reason}", "connect.connect", again_by("code", reason))
    yield State("hand-over", "connect.connect", hand_over)
    yield State("wait-nothing", "way.wait", wait)
    yield State("wait-otp", "way.wait", wait_for("otp"), writes=True)
    yield State("wait-reverse", "way.wait", wait_for("reverse-otp"), writes=True)
    yield State("wait-reverse-come", "way.wait", wait_for("reverse-otp", confirmed=True), writes=True)
    yield State("voucher", "way.voucher", get("/v/1234567890"))
    yield State("status-waiting", "status.status", waiting, writes=True)
    yield State("status-online", "status.status", online("/status?grant={}"), writes=True)
    yield State("status-extended", "status.status", online("/status?grant={}&extended=1"), writes=True)
    yield State("status-slow", "status.status", slow, writes=True)
    yield State("status-ended", "status.status", ended, writes=True)
    yield State("status-lapsed", "status.status", lapsed, writes=True)
    yield State("status-left", "status.status", get("/status?left=1"))
    yield State("status-unknown", "status.status", get("/status"))
    yield State("opinion-thanked", "opinion.opinion", online("/status?grant={}&thanked=1"), writes=True)
    yield State("extend-refused", "status.extend", extended_too_far, writes=True)
    yield State("my-data", "my_data.show", get("/my-data"))
    yield State("my-data-online", "my_data.show", online("/my-data?grant={}"), writes=True)
    yield State("my-data-phone", "my_data.show", my_data_of_phone, writes=True)
    yield State(
        "my-data-refused",
        "my_data.delete",
        lambda portal, language: portal.client.post("/my-data", data={"lang": language}).text,
    )
    yield State("receipt", "my_data.receipt", receipt, writes=True)
    yield State("receipt-unknown", "my_data.receipt", get("/my-data/receipt/AAAA"))
    yield State("complaint-form", "complaints.form", get("/complaints"))
    yield State("complaint-known", "complaints.form", known_outage, writes=True)
    yield State("complaint-wrong", "complaints.form", wrong_form, writes=True)
    yield State("complaint-filed", "complaints.filed", filed(None), writes=True)
    yield State("complaint-late", "complaints.filed", filed(None, late=True), writes=True)
    yield State("complaint-answered", "complaints.filed", filed("Antena sudah diganti."), writes=True)
    yield State("complaint-unknown", "complaints.filed", get("/complaints/7?key=AAAAAA"))
    yield State("home", "help.home", get("/"))
    yield State("services", "help.services", get("/services"))
    yield State("notice", "help.notice", get("/notice"))
    yield State("venue", "help.venue", get("/venue/museum-tosan-aji"))
    yield State("poster", "help.poster", get("/poster/museum-tosan-aji"))
    yield State("error-404", "error", get("/nowhere"))


STATES = {state.name: state for state in states()}
