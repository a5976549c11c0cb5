"""What anyone may read, and reporting a problem."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert, select, update

from hotspot.tables import complaints, incidents, intervals
from tests.integration.captive_portal.conftest import MORNING, Portal


@pytest.mark.parametrize("language", ["id", "en", "jv"])
@pytest.mark.parametrize("path", ["/", "/services", "/notice", "/complaints", "/status", "/my-data"])
def test_every_page_opens_in_every_language(portal: Portal, path: str, language: str) -> None:
    answer = portal.client.get(f"{path}?lang={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text


def test_the_start_page_names_the_places_and_which_are_open(portal: Portal) -> None:
    text = portal.client.get("/?lang=en").text
    for site in portal.sites.sites:
        assert site.name in text
    assert re.findall(r"<br>(open|closed)</span>", text) == ["closed", "open", "open", "open", "open", "open"]


def test_the_notice_says_retention_and_who_answers_from_the_sites_file(portal: Portal) -> None:
    text = portal.client.get("/notice?lang=en").text
    for words in ("24 hours", "35 days", "pdp@example.go.id", "Dinas Komunikasi"):
        assert words in text


def form(portal: Portal) -> dict[str, str]:
    nonce = re.search(r'name="nonce" value="([^"]+)"', portal.client.get("/complaints").text)
    assert nonce is not None
    return {"nonce": nonce[1], "site": "museum-tosan-aji", "text": "Lambat <b>sekali</b>", "lang": "id"}


def test_a_report_gets_a_number_and_a_key_once_however_often_it_is_sent(portal: Portal) -> None:
    filled = form(portal) | {"contact": " ani@example.id "}
    places = [portal.client.post("/complaints", data=filled).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    with portal.store.reading() as connection:
        row = connection.execute(select(complaints)).mappings().one()
    assert (row["site"], row["channel"], row["language"]) == ("museum-tosan-aji", "portal", "id")
    assert (row["text"], row["contact"], row["received_at"]) == ("Lambat <b>sekali</b>", "ani@example.id", int(MORNING))
    text = portal.client.get(places[0]).text
    assert f'<dd id="number">{row["id"]}</dd>' in text
    assert f'<dd id="key">{row["key"]}</dd>' in text


def test_the_answer_is_read_with_number_and_key_alone(portal: Portal) -> None:
    portal.client.post("/complaints", data=form(portal))
    with portal.store.writing() as connection:
        row = connection.execute(select(complaints)).mappings().one()
        connection.execute(update(complaints).values(answer="Sudah <i>diperbaiki</i>", answered_at=int(MORNING)))
    found = portal.client.get("/complaints", query_string={"number": row["id"], "key": row["key"].lower()})
    text = portal.client.get(found.headers["Location"]).text
    assert "Sudah &lt;i&gt;diperbaiki&lt;/i&gt;" in text
    for number, key in ((row["id"], "AAAAAAAA"), (row["id"] + 1, row["key"]), (2**64, row["key"])):
        answer = portal.client.get(f"/complaints/{number}?key={key}")
        assert answer.status_code == 404
        assert "Laporan tidak ditemukan" in answer.text
        assert "diperbaiki" not in answer.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"site": "atlantis"}, "Mohon pilih lokasinya."),
        ({"text": "  "}, "Mohon tuliskan gangguannya"),
        ({"text": "x" * 2001}, "Mohon tuliskan gangguannya"),
        ({"contact": "x" * 129}, "Kontaknya terlalu panjang"),
        ({"nonce": ""}, "Formulirnya belum lengkap"),
    ],
)
def test_a_form_with_a_mistake_comes_back_with_what_was_written(
    portal: Portal, change: dict[str, str], words: str
) -> None:
    answer = portal.client.post("/complaints", data=form(portal) | {"contact": "0812"} | change)
    assert answer.status_code == 400
    assert words in answer.text
    if "text" not in change:
        assert "Lambat &lt;b&gt;sekali&lt;/b&gt;</textarea>" in answer.text
    with portal.store.reading() as connection:
        assert connection.execute(select(complaints)).first() is None


def test_no_page_sets_a_cookie(portal: Portal) -> None:
    for path in ("/", "/complaints", "/status", "/nowhere"):
        assert "Set-Cookie" not in portal.client.get(path).headers


def test_a_report_shows_its_clock_and_what_the_monitor_knew_but_never_its_text(portal: Portal) -> None:
    with portal.store.writing() as connection:
        incident = {
            "cause": "nas-down",
            "kind": "nas",
            "subject": "gw-museum-tosan-aji",
            "evidence": "{}",
            "clients": 1,
        }
        connection.execute(insert(incidents).values(id=7, opened_at=int(MORNING) - 900, **incident))
        state = {"kind": "nas", "subject": "gw-museum-tosan-aji", "state": "down", "began_at": int(MORNING) - 900}
        connection.execute(insert(intervals).values(**state, seen_until=int(MORNING)))
    assert "We know already" in portal.client.get("/complaints?site=museum-tosan-aji&lang=en").text
    place = portal.client.post("/complaints", data=form(portal) | {"lang": "en"}).headers["Location"]
    text = portal.client.get(place).text
    assert "Answer by</dt><dd>31 May 2026, 10:33 WIB" in text
    assert "down since 10:18 WIB" in text
    assert "sekali" not in text
    with portal.store.writing() as connection:
        assert connection.execute(select(complaints.c.incident)).scalar_one() == 7
        connection.execute(update(incidents).values(closed_at=int(MORNING) + 60))
    assert "It ended on 29 May 2026 at 10:34 WIB." in portal.client.get(place).text
    portal.clock.at += 3 * 86400
    assert "We are late" in portal.client.get(place).text
