"""Places, their guides and posters, and what is counted there as sums alone."""

from __future__ import annotations

import pytest

from captive_portal.poster import picture, poster
from tests.integration.captive_portal.conftest import Portal


def test_a_service_is_counted_and_reached_from_sites_yaml_alone(portal: Portal) -> None:
    answer = portal.client.get("/go/perizinan?site=museum-tosan-aji&url=https://evil.example")
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://perizinan.example.go.id")
    portal.client.get("/go/perizinan?site=museum-tosan-aji")
    portal.client.get("/go/laman?site=<script>")
    assert portal.client.get("/go/elsewhere").status_code == 404
    assert portal.app.funnel.take() == {("museum-tosan-aji", "perizinan", "service"): 2, ("-", "laman", "service"): 1}


def test_a_call_is_counted_beside_the_call_and_never_delays_it(portal: Portal) -> None:
    assert 'href="tel:112" ping="/called/112"' in portal.client.get("/services").text
    assert portal.client.post("/called/112?site=museum-tosan-aji").status_code == 204
    assert portal.client.post("/called/0900").status_code == 404
    assert portal.app.funnel.take() == {("museum-tosan-aji", "112", "call"): 1}


@pytest.mark.parametrize(("language", "words"), [("id", "besi yang dimuliakan"), ("en", "honoured iron")])
def test_the_museums_guide_is_read_before_login(portal: Portal, language: str, words: str) -> None:
    text = portal.client.get(f"/venue/museum-tosan-aji?lang={language}").text
    assert words in text
    assert "08:00-16:00" in text
    assert portal.client.get("/venue/pendopo-bupati").status_code == 200
    assert portal.client.get("/venue/atlantis").status_code == 404


def test_where_the_family_filter_is_on_visitors_are_told(portal: Portal) -> None:
    assert "family filter" in portal.client.get("/venue/museum-tosan-aji?lang=en").text
    assert "family filter" not in portal.client.get("/venue/pendopo-bupati?lang=en").text


def test_a_poster_has_the_network_and_two_codes(portal: Portal) -> None:
    site = portal.sites.site["museum-tosan-aji"]
    sheet = poster(portal.sites, site)
    assert sheet.ssids == ("Purworejo-Gratis",)
    assert sheet.join == picture("WIFI:T:nopass;S:Purworejo-Gratis;;")
    text = portal.client.get("/poster/museum-tosan-aji?lang=en").text
    assert text.count("<svg") == 3  # the brand and two codes
    assert "http://127.0.0.1:8080" in text
    assert portal.client.get("/poster/atlantis").status_code == 404
