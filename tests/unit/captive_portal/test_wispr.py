"""WISPr's XML: well-formed, hidden from browsers, kept from Apple's own check."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captive_portal import wispr


def inside(comment: str) -> ET.Element:
    """What a smart client finds between the marks of the one comment."""
    text = comment.removeprefix("<!--\n").removesuffix("\n-->")
    assert "--" not in text
    return ET.fromstring(text)  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("agent", "smart"),
    [
        ("WISPR!Devicescape", True),
        ("iPassConnect/3.2 WISPr", True),
        ("CaptiveNetworkSupport-443.120.2 wispr", False),
        ("Mozilla/5.0 (Linux; Android 14)", False),
        ("", False),
    ],
)
def test_apples_check_is_no_smart_client(agent: str, smart: bool) -> None:
    assert wispr.is_smart_client(agent) is smart


def test_a_redirect_says_where_a_login_goes() -> None:
    told = inside(wispr.redirect("https://portal.example/wispr", "Dinkominfo", "Alun-alun & <Besar>"))

    assert [told.findtext(f"Redirect/{name}") for name in ("MessageType", "ResponseCode", "AccessProcedure")] == [
        "100",
        "0",
        "1.0",
    ]
    assert told.findtext("Redirect/LoginURL") == "https://portal.example/wispr"
    assert told.findtext("Redirect/LocationName") == "Alun-alun & <Besar>"


def test_a_login_is_rejected_with_words_for_a_person() -> None:
    told = inside(wispr.refusal("Open a browser"))

    assert told.findtext("AuthenticationReply/MessageType") == "120"
    assert told.findtext("AuthenticationReply/ResponseCode") == "100"


@given(st.text(max_size=40))
def test_no_name_of_a_place_breaks_out(name: str) -> None:
    inside(wispr.redirect("https://portal.example/wispr", name, name))
