"""What visitors write is read generously, and anything else is nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captive_portal.letters import Enter, Report, read
from hotspot.sites import Sites


@pytest.mark.parametrize("text", ["MASUK 4821", "masuk4821", " Kirim MASUK 4821 ya pak", "masuk: 4821.", "MASUK\n4821"])
def test_a_word_is_read_however_it_is_written(text: str, sites: Sites) -> None:
    assert read(text, sites) == Enter("4821")


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("LAPOR alun-alun besar mati", "alun-alun-besar"),
        ("lapor: Alun2 kutoarjo lemot, alun alun kutoarjo", "alun-alun-kutoarjo"),
        ("Laporan museum tosan aji tidak bisa login", "museum-tosan-aji"),
        ("REPORT romansa slow", "romansa-kuliner"),
        ("LAPOR rumah dinas bupati", "pendopo-bupati"),
        ("LAPOR alun-alun", None),
        ("LAPOR wifi mati", None),
        ("LAPOR pendopo", None),
    ],
)
def test_a_report_names_its_place_or_none(text: str, site: str | None, sites: Sites) -> None:
    said = read(text, sites)
    assert isinstance(said, Report)
    assert said.site == site
    assert said.text in text


@pytest.mark.parametrize(
    "text", ["", "halo", "LAPOR", "LAPOR :", "masuk", "MASUK 12", "MASUK 1234567", "melaporkan museum"]
)
def test_anything_else_is_nothing(text: str, sites: Sites) -> None:
    assert read(text, sites) is None


@given(text=st.text(max_size=300))
def test_no_text_breaks_the_reader(sites: Sites, text: str) -> None:
    read(text, sites)
