"""On the way in: each way with each thing that may be wrong, what is waited for, and how a visitor is handed over."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template
from sqlalchemy import insert, select, update

from captive_portal.nas import Posting
from captive_portal.pages.way import way_page
from captive_portal.ways import Hurdle, Wrong, otp_book
from hotspot import clients
from hotspot.tables import grants, otps
from tests.integration.captive_portal.conftest import COOVA, Portal, coova
from tests.integration.captive_portal.states.arrivals import ALL_WAYS, NO_TAP, PHONE
from tests.integration.captive_portal.states.state import MUSEUM, NOW, Show, State, asked, fetched, get
from tests.integration.captive_portal.test_status import promised

_GUESSED = (Hurdle.CODE_WRONG, Hurdle.TOO_MANY)
_ASKED = (Hurdle.NUMBER, Hurdle.SOON, Hurdle.ENOUGH, Hurdle.CROWD, Hurdle.MONTH, Hurdle.NOTHING)

# What each way can answer with; the tap proves nothing that could be wrong.
HURDLES: dict[str, tuple[Hurdle, ...]] = {
    "tap": (),
    "voucher": _GUESSED,
    "code": _GUESSED,
    "staff": (Hurdle.NAME_WRONG, Hurdle.TOO_MANY, Hurdle.BUSY),
    "otp": (*_GUESSED, *_ASKED),
    "reverse-otp": (Hurdle.CROWD,),
    "again": (Hurdle.NOTHING,),
}
ENTERED = {"code": "48213", "name": "rini", "number": "0812 345"}


def once_more(way: str, reason: Hurdle) -> Show:
    """The form of a way, after something was not right."""

    def show(portal: Portal, language: str) -> str:
        flow = portal.app.sealer.open(portal.flow(coova()), NOW)
        assert flow is not None
        with asked(portal, language, ENTERED):
            wrong = Wrong(reason, until=NOW + 600, left=2)
            return way_page(portal.app, portal.sites.nas[COOVA], flow, way, wrong).get_data(as_text=True)

    return show


def hand_over(portal: Portal, language: str) -> str:
    """For a NAS that takes a login by POST alone."""
    with asked(portal, language):
        posting = Posting("https://masuk.example.go.id/cgi-bin/login", {"cmd": "authenticate", "user": "gabc"})
        return render_template("hand_over.html", site=portal.sites.site[MUSEUM["site"]], posting=posting)


def moment(portal: Portal, language: str) -> str:
    """Between the short visit in which a message came and the full one."""
    with asked(portal, language):
        place = portal.sites.site[MUSEUM["site"]]
        return render_template("moment.html", site=place, onward="http://10.1.0.1:3990/prelogin")


def wait(portal: Portal, language: str) -> str:
    return fetched(portal, f"/wait?flow={portal.flow(coova())}", language)


def sent(outcome: str | None) -> Show:
    """A code was asked for by form; what became of it is the sender's word."""

    def show(portal: Portal, language: str) -> str:
        _ask(portal, "otp", number="0812 3456 7890")
        with portal.store.writing() as connection:
            connection.execute(update(otps).values(outcome=outcome))
        return wait(portal, language)

    return show


def late(portal: Portal, language: str) -> str:
    """When another code may be asked for."""
    sent("sent sms")(portal, language)
    portal.clock.at += 120
    return wait(portal, language)


def word(portal: Portal, language: str) -> str:
    _ask(portal, "reverse-otp")
    return wait(portal, language)


def word_come(portal: Portal, language: str) -> str:
    _ask(portal, "reverse-otp")
    device = clients.memory_of(portal.app.grant_key, PHONE)
    with portal.store.writing() as connection:
        pending = otp_book.live_of(connection, device, "reverse-otp", NOW)[0]
        otp_book.confirm(connection, pending, "n" * 32, NOW)
    return wait(portal, language)


def in_grace(portal: Portal, language: str) -> str:
    """Online for three minutes, so that the message can come."""
    sent("sent sms")(portal, language)
    grant = {"id": "g" + "a" * 16, "nas": COOVA, "site": MUSEUM["site"], "mac": PHONE.digits, "way": "grace"}
    with portal.store.writing() as connection:
        row = grant | {"flow": "f-grace", "client": "c" * 32, "minted_at": NOW, "expires_at": NOW + 300}
        connection.execute(insert(grants).values(row))
        assert connection.execute(select(grants.c.id)).scalar_one() == grant["id"]
    promised(portal, grant["id"], 180, **MUSEUM)
    return wait(portal, language)


def begun(portal: Portal, language: str) -> str:
    """Back at the page of the Wi-Fi while a code is on its way."""
    _ask(portal, "otp", number="0812 3456 7890")
    return fetched(portal, coova(), language)


def _ask(portal: Portal, way: str, **entered: str) -> None:
    form = {"flow": portal.flow(coova()), "way": way, **entered}
    assert portal.client.post("/connect", data=form).status_code == 303
    portal.app.reception.outbox.drain()


def states() -> Iterator[State]:
    for way, reasons in HURDLES.items():
        for reason in reasons:
            yield State(f"way-{way}-{reason}", "connect.connect", once_more(way, reason), ways=ALL_WAYS)
    yield State("hand-over", "connect.connect", hand_over)
    yield State("moment", "connect.connect", moment)
    yield State("arrive-waiting", "arrive.arrive", begun, writes=True, ways=NO_TAP)
    yield State("wait-nothing", "way.wait", wait, ways=ALL_WAYS)
    yield State("wait-otp", "way.wait", sent("sent sms"), writes=True, ways=ALL_WAYS)
    yield State("wait-otp-late", "way.wait", late, writes=True, ways=ALL_WAYS)
    yield State("wait-otp-bad-number", "way.wait", sent("bad-number"), writes=True, ways=ALL_WAYS)
    yield State("wait-otp-not-sent", "way.wait", sent("temporary"), writes=True, ways=ALL_WAYS)
    yield State("wait-grace", "way.wait", in_grace, writes=True, ways=ALL_WAYS)
    yield State("wait-reverse", "way.wait", word, writes=True, ways=ALL_WAYS)
    yield State("wait-reverse-come", "way.wait", word_come, writes=True, ways=ALL_WAYS)
    yield State("voucher", "way.voucher", get("/v/482193057"), ways=ALL_WAYS)
