"""Arrival and the one-tap page: small, whole, nobody's script, nothing written."""

from __future__ import annotations

import gzip
import re
from html import unescape
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, func, insert, select, text

from captive_portal.app import store_is_away
from captive_portal.doorstep import MARK, PROBES
from hotspot.command import Settings
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import consents, grants, incident_members, incidents, intervals, sessions
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import (
    COOVA,
    MIKROTIK,
    MORNING,
    Portal,
    box,
    coova,
    flow_of,
    mikrotik,
    nds,
    portal_on,
)
from tests.peers.process import free_port

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "data:text/html,<b>",
    "//evil.example",
    "\x00",
    "x" * 2048,
]
MIKROTIK_FIELDS = [
    "mac",
    "ip",
    "chap-id",
    "chap-challenge",
    "error",
    "link-login-only",
    "link-orig",
    "dst",
    "flow",
    "lang",
]
KINDS = [mikrotik(), coova(), nds(), box()]


def written(value: str) -> str:
    return quote(value, safe="")


@pytest.mark.parametrize("address", KINDS, ids=["mikrotik", "coovachilli", "opennds", "linux"])
def test_each_kind_gets_the_one_tap_page(portal: Portal, address: str) -> None:
    page = portal.arrive(address)
    assert 'id="connect"' in page
    assert "Selamat datang di" in page


@pytest.mark.parametrize("at", [MORNING - 601, MORNING + 61], ids=["too old", "ahead of us"])
def test_a_redirect_that_says_when_it_was_made_is_not_kept_for_later(portal: Portal, at: float) -> None:
    answer = portal.client.get(box(at))

    assert answer.status_code == 400
    assert "http://10.70.4.1:3990/" in answer.text  # where a fresh one is to be had


def test_the_first_page_is_one_small_answer_without_scripts_or_outside_hosts(portal: Portal) -> None:
    answer = portal.client.get(mikrotik())
    assert len(gzip.compress(answer.data)) <= 14_000
    assert "<script" not in answer.text
    assert re.findall(r'\bsrc="|@import|url\(', answer.text) == []
    assert re.findall(r"<link[^>]*>", answer.text) == ['<link rel="icon" href="data:,">']
    assert "Set-Cookie" not in answer.headers


def test_arriving_writes_nothing(portal: Portal) -> None:
    portal.arrive(mikrotik())
    with portal.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(grants)).scalar() == 0
        assert connection.execute(select(func.count()).select_from(consents)).scalar() == 0


@pytest.mark.parametrize("name", MIKROTIK_FIELDS)
def test_nothing_that_a_mikrotik_sends_comes_back_in_the_page(portal: Portal, name: str) -> None:
    for value in HOSTILE:
        fields = {"mac": "02:11:22:33:44:55", "ip": "10.1.0.7"} | {name: written(value)}
        answer = portal.client.get(f"/arrive/{MIKROTIK}?" + "&".join(f"{k}={v}" for k, v in fields.items()))
        assert answer.status_code in (200, 400)
        assert value not in re.sub(r'href="/arrive[^"<>]*"', "", answer.text)  # language links repeat the query, quoted


@pytest.mark.parametrize("name", ["ssid", "nasid", "reply", "userurl", "redirurl", "uamip", "called", "uid", "loc"])
def test_nothing_that_a_signed_coovachilli_sends_comes_back_in_the_page(portal: Portal, name: str) -> None:
    for value in HOSTILE:
        for res in ("notyet", "failed"):
            answer = portal.client.get(coova(res, more=f"&{name}={written(value)}"))
            assert answer.status_code == 200
            assert value not in answer.text


@pytest.mark.parametrize("name", ["res", "mac", "ip", "challenge", "userurl", "md"])
def test_an_unsigned_coovachilli_redirect_is_refused_in_words(portal: Portal, name: str) -> None:
    answer = portal.client.get(f"/arrive/{COOVA}?res=notyet&{name}={quote(HOSTILE[0])}&md={'A' * 32}")
    assert answer.status_code == 400
    assert "Keterangan dari Wi-Fi tidak cocok" in answer.text
    assert HOSTILE[0] not in answer.text


def test_an_unknown_place_and_a_bare_address_are_explained(portal: Portal) -> None:
    unknown = portal.client.get("/arrive/gw-nowhere?mac=02:11:22:33:44:55")
    assert (unknown.status_code, "Lokasi ini tidak kami kenal" in unknown.text) == (404, True)
    bare = portal.client.get(f"/arrive/{MIKROTIK}")
    assert (bare.status_code, "Mulai dari Wi-Fi" in bare.text) == (400, True)
    assert 'href="http://127.66.2.1:8180/login"' in bare.text


def test_the_page_speaks_the_phones_language_and_carries_on_in_another(portal: Portal) -> None:
    english = portal.client.get(mikrotik(), headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert '<html lang="en">' in english
    link = re.search(r'href="(/arrive/[^"]+lang=jv)"', english)
    assert link is not None
    javanese = portal.arrive(link[1].replace("&amp;", "&"))
    assert '<html lang="jv">' in javanese
    assert "Sugeng rawuh ing Alun-alun Besar Purworejo" in javanese
    assert 'name="lang" value="jv"' in javanese


def test_heads_options_long_queries_and_silent_phones_are_served(portal: Portal) -> None:
    assert portal.client.head(mikrotik()).status_code == 200
    assert portal.client.options(mikrotik()).status_code == 200
    assert portal.client.get(mikrotik(more="&link-orig=" + "%41" * 2048)).status_code == 200
    silent = portal.client.get(mikrotik(), headers={"User-Agent": "", "Accept": ""})
    assert silent.status_code == 200


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (mikrotik(more="closed"), "Wi-Fi di sini sedang tutup"),
        (mikrotik(more="RADIUS%20server%20is%20not%20responding"), "Server login tidak menjawab"),
        (mikrotik(more="full"), "Sedang penuh"),
        (coova("failed", more="&reply=data-used"), "Kuota data Anda hari ini sudah habis"),
        (coova("failed", more="&reason=timeout"), "Server login tidak menjawab"),
        (coova("failed", more="&reason=reject"), "Wi-Fi belum mengizinkan Anda masuk"),
    ],
)
def test_a_login_that_failed_says_why_and_can_be_tried_again(portal: Portal, address: str, words: str) -> None:
    page = portal.arrive(address)
    assert words in page
    assert 'id="connect"' in page


def test_who_is_online_already_is_sent_to_the_status_page(portal: Portal) -> None:
    for res in ("success", "already"):
        answer = portal.client.get(coova(res, more="&uid=gaaaaaaaaaaaaaaaa"))
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/status?grant=gaaaaaaaaaaaaaaaa"
    by_mac = portal.client.get(coova("already", more="&uid=02-11-22-33-44-55"))
    assert by_mac.headers["Location"] == "/status"
    left = portal.client.get(coova("logoff"))
    assert left.headers["Location"] == "/status?left=1"


def test_a_closed_place_says_when_it_opens(portal: Portal) -> None:
    page = portal.arrive(mikrotik(nas="gw-romansa-kuliner"))
    assert "Wi-Fi sedang tutup. Buka pukul 16.00 WIB." in page


def test_two_visitors_get_the_same_page_but_for_the_token(portal: Portal) -> None:
    one, other = portal.arrive(mikrotik()), portal.arrive(mikrotik("02:00:00:00:00:09"))
    assert flow_of(one) != flow_of(other)
    assert one.replace(flow_of(one), "") == other.replace(flow_of(other), "")
    assert MARK not in one
    assert one.count(flow_of(one)) >= 3  # the form and the language links


def test_no_address_of_the_page_names_the_phone(portal: Portal) -> None:
    page = portal.arrive(mikrotik("02:11:22:33:44:55"))
    for address in re.findall(r'(?:href|action)="([^"]*)"', page):
        assert "112233" not in address.replace(":", "").lower()


@pytest.mark.parametrize("path", sorted(PROBES))
def test_a_phones_check_is_sent_on_and_never_told_that_it_is_online(portal: Portal, path: str) -> None:
    answer = portal.client.get(path, headers={"Host": "connectivitycheck.gstatic.com"})
    assert (answer.status_code, answer.data) == (302, b"")
    assert answer.headers["Location"] == "http://127.0.0.1:8080/"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_full_place_says_so_and_looks_again(portal: Portal) -> None:
    now = int(MORNING)
    row = {
        "generation": 0, "nas": "gw-museum-tosan-aji", "site": "museum-tosan-aji", "started_at": now,
        "last_seen_at": now, "seconds": 0, "input_octets": 0, "output_octets": 0, "interim": 300, "counted_input": 0,
        "counted_output": 0, "first_received_at": now, "changed_at": now,
    }  # fmt: skip
    with portal.store.writing() as connection:
        many = [row | {"uid": f"u{n}", "acct_session_id": f"s{n}"} for n in range(60)]
        connection.execute(insert(sessions), many)
    answer = portal.client.get(coova())
    assert "Sedang penuh: 60 tempat terpakai semua." in answer.text
    assert answer.headers["Refresh"] == "60; url=http://127.66.3.1:3990/prelogin"
    assert 'id="connect"' in answer.text  # whoever is online here already may tap all the same


def dark(portal: Portal, seen_until: int) -> None:
    with portal.store.writing() as connection:
        state = {"kind": "nas", "subject": MIKROTIK, "state": "shadow", "began_at": int(MORNING) - 600}
        connection.execute(insert(intervals).values(**state, seen_until=seen_until))
        incident = {"cause": "link-down", "kind": "link", "subject": "purworejo", "evidence": "{}", "clients": 3}
        connection.execute(insert(incidents).values(id=1, opened_at=int(MORNING) - 600, **incident))
        connection.execute(
            insert(incident_members).values(incident=1, kind="nas", subject=MIKROTIK, joined_at=int(MORNING) - 600)
        )


def test_an_outage_of_the_place_is_told_before_the_tap(portal: Portal) -> None:
    dark(portal, seen_until=int(MORNING) - 10)
    assert "Internet di sini terganggu sejak pukul 10.23 WIB." in portal.arrive(mikrotik())
    answer = portal.client.get(mikrotik())
    assert answer.headers["Refresh"] == "60; url=http://127.66.2.1:8180/login"  # by the NAS, whose challenge is fresh
    assert "terganggu" not in portal.arrive(mikrotik(nas="gw-pendopo-bupati"))


def test_a_page_stops_looking_when_told_to(portal: Portal) -> None:
    """WCAG 2.2.1: who reads slowly, or hears the page read, can turn it off."""
    dark(portal, seen_until=int(MORNING) - 10)
    told = portal.client.get(mikrotik()).text
    still = re.search(r'href="([^"]+&amp;still=1)"', told)
    assert still is not None
    answer = portal.client.get(unescape(still[1]))
    assert "Refresh" not in answer.headers
    assert "setiap menit" not in answer.text
    assert 'id="dark"' in answer.text


def test_without_a_living_monitor_no_outage_is_claimed(portal: Portal) -> None:
    dark(portal, seen_until=int(MORNING) - 400)
    assert "terganggu" not in portal.arrive(mikrotik())


def away(portal: Portal) -> None:
    answer = portal.client.get(mikrotik())
    assert answer.status_code == 200
    assert "Server login sedang tidak menjawab" in answer.text
    assert answer.headers["Refresh"] == "60; url=http://127.66.2.1:8180/login"


def test_a_lost_database_is_said_before_the_tap(portal: Portal) -> None:
    with portal.store.writing() as connection:
        connection.execute(text("ALTER TABLE intervals RENAME TO gone"))
    away(portal)


def test_a_database_server_that_is_away_is_said_so(settings: Settings, town: Sites, clock: FixedClock) -> None:
    nowhere = Store(create_engine(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing"))
    portal = portal_on(settings, town, nowhere, clock)
    away(portal)
    answer = portal.client.get("/status?grant=gaaaaaaaaaaaaaaaa")
    assert answer.status_code == 503
    assert "Catatan kami sedang tidak dapat dibuka" in answer.text
    assert portal.client.get("/notice").status_code == 200
    assert store_is_away(nowhere) == "the database does not answer"
    nowhere.close()


def test_the_health_check_names_a_lost_database(portal: Portal) -> None:
    assert store_is_away(portal.store) is None
    with portal.store.writing() as connection:
        connection.execute(text("ALTER TABLE grants RENAME TO gone"))
    assert store_is_away(portal.store) == "the database does not answer"
