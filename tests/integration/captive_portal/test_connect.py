"""The tap: policy, consent and grant in one transaction, one grant a flow, release at the registered NAS."""

from __future__ import annotations

import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, insert, select, text

from captive_portal.flow import LIFETIME
from hotspot import clients
from hotspot.command import Settings
from hotspot.grants import password
from hotspot.mac import Mac
from hotspot.pseudonym import KeyRing
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import consents, grants, sessions
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import (
    MIKROTIK,
    MORNING,
    SECRETS,
    Portal,
    box,
    coova,
    mikrotik,
    nds,
    portal_on,
)


def rows(portal: Portal) -> list[dict[str, object]]:
    with portal.store.reading() as connection:
        return [dict(row) for row in connection.execute(select(grants)).mappings()]


def session(portal: Portal, **more: object) -> None:
    facts = {
        "uid": f"u{more}", "generation": 0, "nas": MIKROTIK, "site": "alun-alun-besar", "acct_session_id": "a",
        "started_at": int(MORNING) - 100, "last_seen_at": int(MORNING) - 10, "seconds": 90, "input_octets": 0,
        "output_octets": 0, "interim": 300, "counted_input": 0, "counted_output": 0, "first_received_at": 0,
        "changed_at": 0,
    }  # fmt: skip
    with portal.store.writing() as connection:
        connection.execute(insert(sessions).values(facts | more))


def test_a_tap_at_our_own_box_leads_to_its_login_with_the_grants_password(portal: Portal) -> None:
    target = urlsplit(portal.tap(portal.flow(box())))
    grant = rows(portal)[0]["id"]

    assert (target.netloc, target.path) == ("10.70.4.1:3990", "/login")
    assert parse_qs(target.query)["user"] == [grant]
    assert parse_qs(target.query)["password"] == [password(Secret(SECRETS["HOTSPOT_GRANT_KEY"]), str(grant))]
    assert parse_qs(target.query)["after"] == [f"http://127.0.0.1:8080/status?lang=id&grant={grant}"]


def test_a_tap_writes_grant_and_consent_and_sends_the_browser_to_the_router(portal: Portal) -> None:
    target = urlsplit(portal.tap(portal.flow(mikrotik()), lang="en"))
    grant = rows(portal)[0]
    assert target.netloc == "127.66.2.1:8180"
    assert parse_qs(target.query)["username"] == [grant["id"]]
    assert parse_qs(target.query)["dst"] == [f"http://127.0.0.1:8080/status?lang=en&grant={grant['id']}"]
    assert (grant["nas"], grant["site"], grant["mac"]) == (MIKROTIK, "alun-alun-besar", "021122334455")
    assert grant["expires_at"] == int(MORNING) + 300
    with portal.store.reading() as connection:
        consent = connection.execute(select(consents)).mappings().one()
    assert (consent["grant_id"], consent["language"], consent["site"]) == (grant["id"], "en", "alun-alun-besar")
    assert len(consent["notice"]) == 64


def test_the_notice_agreed_to_differs_by_language_and_is_otherwise_the_same(portal: Portal) -> None:
    for number, language in enumerate(("id", "id", "jv")):
        portal.tap(portal.flow(mikrotik(mac=f"02:11:22:33:44:0{number}")), lang=language)
    with portal.store.reading() as connection:
        notices = connection.execute(select(consents.c.notice).order_by(consents.c.id)).scalars().all()
    assert notices[0] == notices[1] != notices[2]


def test_coovachilli_and_opennds_are_released_in_their_own_ways(portal: Portal) -> None:
    chilli = urlsplit(portal.tap(portal.flow(coova())))
    assert (chilli.netloc, chilli.path) == ("127.66.3.1:3990", "/logon")
    assert set(parse_qs(chilli.query)) == {"username", "response", "userurl"}
    box = urlsplit(portal.tap(portal.flow(nds())))
    assert (box.netloc, box.path) == ("127.66.6.2:2050", "/opennds_auth/")


def test_a_double_tap_is_one_grant(portal: Portal) -> None:
    flow = portal.flow(mikrotik())
    assert portal.tap(flow) == portal.tap(flow)
    assert len(rows(portal)) == 1


def test_ten_taps_at_once_are_one_grant(
    settings: Settings, town: Sites, either_store: Store, clock: FixedClock
) -> None:
    portal = portal_on(settings, town, either_store, clock)
    flow = portal.flow(mikrotik())
    targets: list[str] = []
    start = threading.Barrier(10)

    def tap() -> None:
        client = portal.client.application.test_client()
        start.wait()
        targets.append(client.post("/connect", data={"flow": flow, "way": "tap"}).headers["Location"])

    threads = [threading.Thread(target=tap) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(targets), len(set(targets))) == (10, 1)
    with either_store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(grants)).scalar() == 1
        assert connection.execute(select(func.count()).select_from(consents)).scalar() == 1


def test_the_password_is_computed_and_never_stored(portal: Portal) -> None:
    target = portal.tap(portal.flow(mikrotik(more="").replace("chap-", "no-")))
    grant_id = str(rows(portal)[0]["id"])
    expected = password(Secret(SECRETS["HOTSPOT_GRANT_KEY"]), grant_id)
    assert parse_qs(urlsplit(target).query)["password"] == [expected]
    assert expected not in str(rows(portal))


def refused(portal: Portal, flow: str, way: str = "tap") -> tuple[int, str]:
    answer = portal.client.post("/connect", data={"flow": flow, "way": way})
    return answer.status_code, answer.text


def test_a_closed_site_refuses_and_says_until_when(portal: Portal) -> None:
    code, page = refused(portal, portal.flow(mikrotik(nas="gw-romansa-kuliner")))
    assert code == 403
    assert "Buka lagi pukul 16.00 WIB" in page
    assert rows(portal) == []


def test_a_full_site_refuses(portal: Portal) -> None:
    for number in range(200):
        session(portal, uid=f"u{number}", mac=f"02aabbcc{number:04x}")
    code, page = refused(portal, portal.flow(mikrotik()))
    assert (code, "Sedang penuh" in page) == (503, True)


def test_a_device_that_used_its_day_is_refused_until_midnight(portal: Portal) -> None:
    client = clients.of_mac(Secret(SECRETS["HOTSPOT_GRANT_KEY"]), Mac("021122334455"))
    session(portal, client=client, way="tap", seconds=6 * 3600, stopped_at=int(MORNING) - 10)
    code, page = refused(portal, portal.flow(mikrotik()))
    assert code == 403
    assert "Waktu Anda hari ini sudah habis" in page
    assert "Jatah baru mulai pukul 00.00 WIB." in page
    assert refused(portal, portal.flow(mikrotik(mac="02:11:22:33:44:56")))[0] == 303


def test_a_tap_makes_no_pseudonym_key(portal: Portal, settings: Settings) -> None:
    portal.tap(portal.flow(mikrotik()))
    assert KeyRing(settings.state / "keys").periods() == []


def test_a_way_that_the_place_does_not_offer_is_refused(portal: Portal) -> None:
    code, page = refused(portal, portal.flow(mikrotik()), way="voucher")
    assert (code, "Cara masuk ini tidak tersedia" in page) == (403, True)


def test_a_page_open_too_long_leads_back_to_the_router(portal: Portal) -> None:
    flow = portal.flow(mikrotik())
    portal.clock.at += LIFETIME + 1
    code, page = refused(portal, flow)
    assert (code, "Halaman ini terlalu lama terbuka" in page) == (400, True)
    assert 'href="http://127.66.2.1:8180/login"' in page


def test_a_grant_that_ran_out_is_not_handed_out_again(portal: Portal) -> None:
    flow = portal.flow(mikrotik())
    portal.tap(flow)
    portal.clock.at += 301
    assert refused(portal, flow)[0] == 400
    assert len(rows(portal)) == 1


@pytest.mark.parametrize("flow", ["", "x", "<script>alert(1)</script>", "a" * 3000])
def test_a_flow_that_is_not_ours_is_refused(portal: Portal, flow: str) -> None:
    code, page = refused(portal, flow)
    assert (code, "Mulai dari Wi-Fi" in page) == (400, True)
    assert "alert(1)" not in page


def test_a_lost_database_keeps_the_visitor_informed_and_writes_nothing(portal: Portal) -> None:
    flow = portal.flow(mikrotik())
    with portal.store.writing() as connection:
        connection.execute(text("ALTER TABLE consents RENAME TO gone"))
    code, page = refused(portal, flow)
    assert (code, "Catatan kami sedang tidak dapat dibuka" in page) == (503, True)
    assert rows(portal) == []


def test_the_form_may_lead_to_this_places_nas_and_back_and_nowhere_else(portal: Portal) -> None:
    policy = portal.client.get(mikrotik()).headers["Content-Security-Policy"]
    assert "form-action 'self' http://127.66.2.1:8180 http://127.0.0.1:8080;" in policy
