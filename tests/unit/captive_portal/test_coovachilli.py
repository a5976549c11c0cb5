"""CoovaChilli's signed redirect and its login, with vectors computed by two implementations."""

from __future__ import annotations

import pytest

from captive_portal.nas import Arrival, Door, News, coovachilli
from captive_portal.nas.kind import Refusal
from hotspot.secret import Secret
from tests.unit.captive_portal.doors import coovachilli as door
from tests.unit.captive_portal.doors import query

CHALLENGE = "00112233445566778899aabbccddeeff"
SECRET = Secret("rahasia-uam")
NEW = bytes.fromhex("f32d6411b3f1a43a0d84443ebddf849e")
LONG = "password-lebih-dari-16-byte"


def signed(raw: str, to: Door | None = None) -> str:
    to = to or door()
    return f"{raw}&md={coovachilli.md(f'{to.arrive_url}?{raw}', SECRET)}"


def parameters(res: str = "notyet", more: str = "") -> str:
    return (
        f"res={res}&uamip=10.1.0.1&uamport=3990&challenge={CHALLENGE}&called=AA-BB-CC-DD-EE-FF"
        f"&mac=02-11-22-33-44-55&ip=10.1.0.7&nasid=alun-alun&sessionid=65f000000000001{more}"
        "&userurl=http%3a%2f%2fexample.com%2f"
    )


def arrived(raw: str) -> Arrival:
    arrival = coovachilli.arrive(query(raw), door())
    assert isinstance(arrival, Arrival)
    return arrival


def test_the_signature_covers_the_raw_text_from_the_configured_server_on() -> None:
    url = f"https://portal.example/login?{parameters()}"
    assert coovachilli.md(url, SECRET) == "669EEC19B7EC512C3A0B4AA4EB111F29"


def test_challenge_and_responses_are_those_of_hotspotlogin_cgi() -> None:
    assert coovachilli.new_challenge(bytes.fromhex(CHALLENGE), SECRET) == NEW
    assert coovachilli.chap_response("482913", NEW) == "db63ed5d3d471e99770735b43d70c843"
    assert coovachilli.chap_response("482913", bytes.fromhex(CHALLENGE)) == "59f98c75b52fe5a286a20e6be670f9ac"
    assert coovachilli.pap_password("482913", NEW) == "c715562882c2"


def test_a_password_longer_than_the_challenge_goes_on_with_the_keystream() -> None:
    assert coovachilli.pap_password(LONG, NEW) == "834c1762c49ed65e20e8215cd4b7a9fa925f0d3c82c7895874f021"
    assert coovachilli.chap_response(LONG, NEW) == "fe75aae66db92c2dccfcf5783a917b02"


def test_a_signed_visitor_is_read_and_released_at_the_registered_box() -> None:
    arrival = arrived(signed(parameters()))
    assert (arrival.mac.digits, arrival.ip, arrival.news) == ("021122334455", "10.1.0.7", News.NEW)
    url = coovachilli.release(arrival.keys, door(), "gabc", "482913", "https://portal.example/status?a=b c")
    assert url == (
        "http://10.1.0.1:3990/logon?username=gabc&response=db63ed5d3d471e99770735b43d70c843"
        "&userurl=https%3A%2F%2Fportal.example%2Fstatus%3Fa%3Db%20c"
    )


@pytest.mark.parametrize(
    "tamper",
    [
        lambda raw: raw.replace("02-11-22-33-44-55", "02-11-22-33-44-56"),
        lambda raw: raw.replace("%3a%2f", "%3A%2F"),
        lambda raw: raw.replace(
            "nasid=alun-alun&sessionid=65f000000000001", "sessionid=65f000000000001&nasid=alun-alun"
        ),
        lambda raw: raw.partition("&md=")[0],
        lambda raw: raw[:-32],
        lambda raw: raw[:-1] + "X",
    ],
    ids=["other mac", "upper-case escapes", "reordered", "no signature", "empty signature", "wrong signature"],
)
def test_a_redirect_that_was_changed_is_refused(tamper: object) -> None:
    raw = tamper(signed(parameters()))  # type: ignore[operator]
    assert coovachilli.arrive(query(raw), door()) is Refusal.BAD_SIGNATURE


def test_what_is_added_behind_the_signature_counts_for_nothing() -> None:
    arrival = arrived(signed(parameters()) + "&mac=02-99-99-99-99-99&res=success&uid=gaaaaaaaaaaaaaaaa&lang=en")
    assert arrival.mac.digits == "021122334455"
    assert (arrival.news, arrival.user) == (News.NEW, "")


def test_a_redirect_signed_for_another_nas_is_refused() -> None:
    other = Door(door().nas, "https://portal.example/arrive/gw-z", SECRET)
    assert coovachilli.arrive(query(signed(parameters(), other)), door()) is Refusal.BAD_SIGNATURE


@pytest.mark.parametrize(
    ("res", "news"),
    [
        ("notyet", News.NEW),
        ("splash", News.NEW),
        ("success", News.ONLINE),
        ("already", News.ONLINE),
        ("failed", News.FAILED),
        ("logoff", News.LEFT),
    ],
)
def test_each_result_is_told_apart(res: str, news: News) -> None:
    arrival = arrived(signed(parameters(res, "&uid=gabc&reply=closed")))
    assert (arrival.news, arrival.user, arrival.says) == (news, "gabc", "closed")


def test_a_visitor_without_a_challenge_cannot_be_logged_in() -> None:
    raw = parameters().replace(f"&challenge={CHALLENGE}", "")
    assert coovachilli.arrive(query(signed(raw)), door()) is Refusal.BAD_CHALLENGE


def test_someone_who_typed_the_address_is_told_where_to_start() -> None:
    assert coovachilli.arrive(query(""), door()) is Refusal.NO_PARAMETERS
    assert coovachilli.entrance(door()) == "http://10.1.0.1:3990/prelogin"
    assert coovachilli.logout(door(), "gabc") == "http://10.1.0.1:3990/logoff"
