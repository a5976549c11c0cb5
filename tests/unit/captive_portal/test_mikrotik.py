"""MikroTik's parameters: the challenge of the manual's example, and what must not be believed."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from captive_portal.nas import Arrival, Door, News, mikrotik
from captive_portal.nas.kind import Refusal
from tests.unit.captive_portal.doors import mikrotik as door
from tests.unit.captive_portal.doors import query

CHAP_ID = r"\371"
CHALLENGE = r"\357\015\330\013\021\234\145\245\303\253\142\246\133\175\375\316"
PARAMETERS = f"mac=01:23:45:67:89:AB&ip=10.1.0.7&chap-id={CHAP_ID}&chap-challenge={CHALLENGE}&error="


def arrived(raw: str) -> Arrival:
    arrival = mikrotik.arrive(query(raw), door())
    assert isinstance(arrival, Arrival)
    return arrival


def test_octal_escapes_become_octets() -> None:
    assert mikrotik.octets(CHAP_ID) == b"\xf9"
    assert mikrotik.octets(CHALLENGE).hex() == "ef0dd80b119c65a5c3ab62a65b7dfdce"


def test_the_hashed_password_is_that_of_the_manuals_challenge() -> None:
    octets = mikrotik.octets(CHALLENGE)
    assert mikrotik.chap_response(b"\xf9", "482913", octets) == "67f52c78c5f6873f4ee2afc7e5652385"
    undecoded = mikrotik.chap_response(CHAP_ID.encode(), "482913", CHALLENGE.encode())
    assert undecoded == "6da5f0668c089327d900c755d1eaf9a5"  # what a portal sends that forgets to decode


def test_a_visitor_is_read_and_released_with_the_hash() -> None:
    arrival = arrived(PARAMETERS)
    assert (arrival.mac.digits, arrival.ip, arrival.news) == ("0123456789ab", "10.1.0.7", News.NEW)
    url = mikrotik.release(arrival.keys, door(), "gabc", "482913", "https://portal.example/status?grant=gabc&lang=id")
    assert url.startswith("http://10.1.0.1/login?")
    assert parse_qs(urlsplit(url).query) == {
        "username": ["gabc"],
        "password": ["67f52c78c5f6873f4ee2afc7e5652385"],
        "dst": ["https://portal.example/status?grant=gabc&lang=id"],
        "popup": ["false"],
    }


@pytest.mark.parametrize("escape", ["quoted", "raw"])
def test_browsers_may_send_the_backslash_raw_or_percent_encoded(escape: str) -> None:
    challenge = quote(CHALLENGE) if escape == "quoted" else CHALLENGE
    arrival = arrived(f"mac=01:23:45:67:89:AB&chap-id={quote(CHAP_ID)}&chap-challenge={challenge}")
    assert arrival.keys == {"id": "f9", "challenge": "ef0dd80b119c65a5c3ab62a65b7dfdce"}


def test_a_router_with_http_pap_alone_gets_the_password_itself() -> None:
    arrival = arrived("mac=01:23:45:67:89:AB&ip=10.1.0.7&chap-id=&chap-challenge=")
    url = mikrotik.release(arrival.keys, door(), "gabc", "482913", "https://portal.example/status")
    assert parse_qs(urlsplit(url).query)["password"] == ["482913"]


def test_the_login_link_that_the_browser_brings_is_not_believed() -> None:
    arrival = arrived(
        PARAMETERS + "&link-login-only=http://evil.example/login&link-orig=javascript:alert(1)&dst=//evil"
    )
    url = mikrotik.release(arrival.keys, door(), "gabc", "pw", "https://portal.example/status")
    assert urlsplit(url).netloc == "10.1.0.1"
    assert "evil" not in url
    assert "javascript" not in url


def test_the_routers_error_comes_back_as_a_failure() -> None:
    arrival = arrived(f"mac=01:23:45:67:89:AB&chap-id={CHAP_ID}&chap-challenge={CHALLENGE}&error=closed")
    assert (arrival.news, arrival.says) == (News.FAILED, "closed")


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("", Refusal.NO_PARAMETERS),
        ("ip=10.1.0.7", Refusal.NO_PARAMETERS),
        ("mac=<script>alert(1)</script>", Refusal.BAD_CLIENT),
        ("mac=01:23:45:67:89:AB%00", Refusal.BAD_CLIENT),
        (r"mac=01:23:45:67:89:AB&chap-id=\371&chap-challenge=\357", Refusal.BAD_CHALLENGE),
        (r"mac=01:23:45:67:89:AB&chap-id=\371", Refusal.BAD_CHALLENGE),
        (rf"mac=01:23:45:67:89:AB&chap-id=\371\371&chap-challenge={CHALLENGE}", Refusal.BAD_CHALLENGE),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(raw: str, refusal: Refusal) -> None:
    assert mikrotik.arrive(query(raw), door()) is refusal


def test_starting_again_and_leaving_are_the_routers_own_pages() -> None:
    assert mikrotik.entrance(door()) == "http://10.1.0.1/login"
    assert mikrotik.logout(door(), "gabc") == "http://10.1.0.1/logout"


def test_a_router_with_a_certificate_is_posted_to_over_https_as_sites_yaml_says() -> None:
    nas = door().nas.model_copy(update={"login_url": "https://masuk.example.go.id/login"})
    https = Door(nas, door().arrive_url)
    arrival = mikrotik.arrive(query("mac=02:11:22:33:44:55&link-login-only=http%3A%2F%2F10.1.0.1%2Flogin"), https)

    assert isinstance(arrival, Arrival)
    url = mikrotik.release(arrival.keys, https, "gabc", "482913", "https://portal.example/status")
    assert url.startswith("https://masuk.example.go.id/login?username=gabc&password=482913&")
    assert mikrotik.logout(https, "gabc") == "https://masuk.example.go.id/logout"
