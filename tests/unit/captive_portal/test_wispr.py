"""WISPr's XML: well-formed, hidden from browsers, kept from Apple's own check."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captive_portal import wispr
from captive_portal.wispr import Code
from tests.peers.smart_client import told

LOGIN, ABORT = "https://portal.example/wispr?flow=a--b---c&lang=id", "https://portal.example/wispr/abort"


def inside(comment: str) -> dict[str, str]:
    """What a smart client finds between the marks of the one comment."""
    text = comment.removeprefix("<!--\n").removesuffix("\n-->")
    assert "--" not in text
    return told(text)


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
    said = inside(wispr.redirect(LOGIN, ABORT, "Dinkominfo", "Alun-alun & <Besar>"))

    assert unquote(said.pop("LoginURL")) == LOGIN  # no comment ends within it
    assert said == {
        "message": "Redirect",
        "MessageType": "100",
        "ResponseCode": "0",
        "AccessProcedure": "1.0",
        "AccessLocation": "isocc=id,cc=62,ac=,network=Dinkominfo",
        "LocationName": "Alun-alun & <Besar>",
        "AbortLoginURL": ABORT,
    }


@pytest.mark.parametrize(
    ("message", "name", "kind", "code"),
    [
        (wispr.reply(Code.LOGGED_IN, LogoffURL="http://10.1.0.1/logout"), "AuthenticationReply", "120", "50"),
        (wispr.reply(Code.REJECTED, "Kode salah"), "AuthenticationReply", "120", "100"),
        (wispr.reply(Code.SERVER_SILENT, "x"), "AuthenticationReply", "120", "102"),
        (wispr.reply(Code.NOT_SET_UP, "x"), "AuthenticationReply", "120", "105"),
        (wispr.reply(Code.PENDING, LoginResultsURL=LOGIN), "AuthenticationReply", "120", "201"),
        (wispr.poll(Code.LOGGED_IN, LogoffURL="http://10.1.0.1/logout"), "AuthenticationPollReply", "140", "50"),
        (wispr.logged_off(), "LogoffReply", "130", "150"),
        (wispr.aborted(), "AbortLoginReply", "150", "151"),
    ],
)
def test_each_answer_has_its_number(message: str, name: str, kind: str, code: str) -> None:
    said = inside(message)
    assert (said["message"], said["MessageType"], said["ResponseCode"]) == (name, kind, code)


@given(st.text(max_size=40))
def test_no_name_of_a_place_breaks_out(name: str) -> None:
    inside(wispr.redirect(LOGIN, ABORT, name, name))
    inside(wispr.reply(Code.REJECTED, name))
