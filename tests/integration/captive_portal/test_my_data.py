"""What a visitor may see and delete: every row that names them, for whom it is theirs to see, with a receipt."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select, update

from captive_portal.holdings import Whose, of
from hotspot import clients
from hotspot.mac import Mac
from hotspot.nightly.erase import erase
from hotspot.nightly.step import Task
from hotspot.pseudonym import KeyRing
from hotspot.secret import Secret
from hotspot.tables import consents, erasures, grants, notices, reservations, sessions
from tests.integration.captive_portal.conftest import COOVA, MORNING, SECRETS, Portal, coova, flow_of, mikrotik
from tests.integration.captive_portal.test_status import began, promised, tapped

NOW = int(MORNING)
MUSEUM = {"nas": COOVA, "site": "museum-tosan-aji"}
CLIENT = clients.of_mac(Secret(SECRETS["HOTSPOT_GRANT_KEY"]), Mac("021122334455"))


@pytest.fixture
def grant(portal: Portal) -> str:
    grant = tapped(portal, mikrotik())
    promised(portal, grant)
    began(portal, grant, class_token="hs1:1", client=CLIENT)
    return grant


def shown(portal: Portal, **arguments: str) -> str:
    return portal.client.get("/my-data", query_string={**arguments, "lang": "en"}).text


def test_online_every_row_of_this_visit_is_shown_with_when_it_goes(portal: Portal, grant: str) -> None:
    text = shown(portal, grant=grant)
    for words in ("Your tap", "Permission to go online", "Notice accepted", "Your visit", "29 May 2026, 10:33 WIB"):
        assert words in text
    for words in ("Alun-alun Besar Purworejo", "10 minutes", "101 MB", "24 hours after you leave", "stays as proof"):
        assert words in text
    assert "02:11:22" not in text
    assert "021122334455" not in text


def test_every_kind_of_row_that_the_portal_may_read_is_accounted_for(portal: Portal, grant: str) -> None:
    with portal.store.reading() as connection:
        kinds = [row.kind for row in of(connection, Whose(grant_id=grant), portal.sites.retention)]
        everything = [row.kind for row in of(connection, Whose(client=CLIENT), portal.sites.retention)]
    assert kinds == ["consent", "grant", "promise", "session"]
    assert set(kinds) <= set(everything)


def test_when_the_visit_is_over_the_grant_alone_shows_nothing(portal: Portal, grant: str) -> None:
    with portal.store.writing() as connection:
        connection.execute(update(sessions).values(stopped_at=NOW))
    text = shown(portal, grant=grant)
    assert "This visit is over" in text
    assert "Alun-alun Besar" not in text


def test_an_unsigned_redirect_proves_no_mac(portal: Portal, grant: str) -> None:
    text = shown(portal, flow=portal.flow(mikrotik()))
    assert "Your visit" not in text
    assert "Open this page from your connection page" in text


def test_a_signed_redirect_shows_all_of_the_phone(portal: Portal, grant: str) -> None:
    text = shown(portal, flow=portal.flow(coova()))
    assert "every record that names this phone" in text
    assert "Your visit" in text
    other = shown(portal, flow=portal.flow(coova(mac="02-00-00-00-00-09")))
    assert "Nothing that names you is stored." in other


def deleted(portal: Portal, **fields: str) -> str:
    answer = portal.client.post("/my-data", data={**fields, "lang": "en"})
    assert answer.status_code == 303, answer.text
    page = portal.client.get(answer.headers["Location"]).text
    receipt = re.search(r'id="receipt">([A-Z2-9]{10})<', page)
    assert receipt is not None
    return receipt[1]


def nightly(portal: Portal, at: int) -> str:
    return erase(Task(portal.store, portal.sites, KeyRing(portal.state / "keys"), at))


def left(portal: Portal) -> tuple[int, int, int]:
    with portal.store.reading() as connection:
        named = select(func.count()).select_from(sessions).where(sessions.c.mac.is_not(None))
        rest = (select(func.count()).select_from(table) for table in (grants, reservations))
        return tuple(connection.execute(query).scalar_one() for query in (named, *rest))  # type: ignore[return-value]


def test_deleting_waits_for_the_end_of_the_visit_and_is_proved_by_a_receipt(portal: Portal, grant: str) -> None:
    receipt = deleted(portal, grant=grant)
    assert nightly(portal, NOW + 60) == "0 of 1 erasures done"
    assert left(portal) == (1, 1, 1)
    with portal.store.writing() as connection:
        connection.execute(update(sessions).values(stopped_at=NOW + 90))
    assert nightly(portal, NOW + 120) == "1 of 1 erasures done"
    assert left(portal) == (0, 0, 0)
    page = portal.client.get("/my-data/receipt", query_string={"receipt": receipt.lower(), "lang": "en"})
    text = portal.client.get(page.headers["Location"]).text
    assert "deleted, 29 May 2026, 10:35" in text
    with portal.store.reading() as connection:
        row = connection.execute(select(erasures)).one()
        assert (row.client, row.grant_id, row.done_at) == (None, None, NOW + 120)  # the receipt names nobody either


def test_what_never_became_a_visit_is_deleted_too(portal: Portal) -> None:
    portal.tap(portal.flow(coova()))
    deleted(portal, flow=portal.flow(coova()))
    assert nightly(portal, NOW + 3600) == "1 of 1 erasures done"
    assert left(portal) == (0, 0, 0)


@pytest.mark.parametrize("fields", [{}, {"grant": "gaaaaaaaaaaaaaaaa"}, {"flow": "x"}])
def test_nobody_deletes_what_is_not_theirs(portal: Portal, grant: str, fields: dict[str, str]) -> None:
    assert portal.client.post("/my-data", data=fields).status_code == 403
    assert portal.client.post("/my-data", data={"flow": portal.flow(mikrotik())}).status_code == 403
    with portal.store.reading() as connection:
        assert connection.execute(select(erasures)).first() is None


def test_an_unknown_receipt_is_said_so(portal: Portal) -> None:
    for receipt in ("AAAAAAAAAA", "x" * 500, "%"):
        answer = portal.client.get(f"/my-data/receipt/{receipt}?lang=en")
        assert (answer.status_code, "No such receipt" in answer.text) == (404, True)


@pytest.mark.parametrize("language", ["id", "en", "jv"])
def test_a_consent_names_words_that_are_kept(portal: Portal, language: str) -> None:
    portal.tap(portal.flow(mikrotik()), lang=language)
    with portal.store.reading() as connection:
        row = connection.execute(
            select(notices, consents.c.language.label("read_in")).join(consents, consents.c.notice == notices.c.hash)
        ).one()
    assert (row.language, row.read_in, row.version) == (language, language, "2026-11")
    assert row.text in portal.client.get(f"/notice?lang={language}").text


def test_the_page_before_the_tap_leads_there_with_its_own_token(portal: Portal) -> None:
    page = portal.arrive(coova())
    assert f'href="/my-data?flow={flow_of(page)}&amp;lang=id"' in page
