"""Our own box's signed and dated redirect, and the login it is sent; the vector was made with openssl."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from captive_portal.nas import Arrival, Door, News, linux
from captive_portal.nas.kind import Refusal
from hotspot.nas.linux import signature
from hotspot.secret import Secret
from tests.unit.captive_portal.doors import linux as door
from tests.unit.captive_portal.doors import query

SENT = "mac=021122334455&ip=10.70.5.7&at=1790000000"
# printf '%s' 'arrive:https://portal.example/arrive/gw-d?mac=…' | openssl dgst -sha256 -hmac rahasia-pintu
VECTOR = "8315eeec44b4ad7cf53033e0a0a35674881538db781c4fa1824087cc4a2a29ff"


def signed(raw: str, to: Door | None = None) -> str:
    return f"{raw}&sig={signature(f'{(to or door()).arrive_url}?{raw}', Secret('rahasia-pintu'))}"


def arrived(raw: str) -> Arrival:
    arrival = linux.arrive(query(raw), door())
    assert isinstance(arrival, Arrival)
    return arrival


def test_a_signed_visitor_is_read_with_the_moment_of_the_redirect() -> None:
    arrival = arrived(f"{SENT}&sig={VECTOR}")

    assert (arrival.mac.digits, arrival.ip, arrival.news, arrival.at) == (
        "021122334455",
        "10.70.5.7",
        News.NEW,
        1_790_000_000,
    )


def test_the_browser_is_sent_to_the_boxs_own_address() -> None:
    url = linux.release({}, door(), "gabc", "p", "https://portal.example/status?a=b&c=d")

    assert url == (
        "http://10.70.4.1:3990/login?user=gabc&password=p&after=https%3A%2F%2Fportal.example%2Fstatus%3Fa%3Db%26c%3Dd"
    )
    assert linux.entrance(door()) == "http://10.70.4.1:3990/"
    assert linux.logout(door(), "gabc") == "http://10.70.4.1:3990/logout?user=gabc"


def test_where_visitors_may_lack_ipv4_the_box_goes_by_its_name() -> None:
    box = door(network6="fd70:4::1/64", name="gw-d.wifi.example", login_port="80")

    assert linux.entrance(box) == "http://gw-d.wifi.example:80/"


@pytest.mark.parametrize(
    ("more", "news", "user", "says"),
    [
        ("&news=failed&says=devices", News.FAILED, "", "devices"),
        ("&news=online&user=gabc", News.ONLINE, "gabc", ""),
        ("&news=left&user=gabc", News.LEFT, "gabc", ""),
        ("&news=whatever", News.NEW, "", ""),
    ],
)
def test_each_news_is_told_apart(more: str, news: News, user: str, says: str) -> None:
    arrival = arrived(signed(SENT + more))

    assert (arrival.news, arrival.user, arrival.says) == (news, user, says)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda raw: raw.replace("021122334455", "021122334456"),
        lambda raw: raw.replace("at=1790000000", "at=1790000001"),
        lambda raw: raw.replace("ip=10.70.5.7&at=1790000000", "at=1790000000&ip=10.70.5.7"),
        lambda raw: raw.replace("10.70.5.7", "10%2e70.5.7"),
        lambda raw: raw + "&news=online",
        lambda raw: raw.partition("&sig=")[0],
        lambda raw: raw[:-64],
        lambda raw: raw[:-1] + "é",
    ],
    ids=["other mac", "younger", "reordered", "escaped", "added", "no signature", "empty signature", "wrong signature"],
)
def test_a_redirect_that_was_changed_is_refused(tamper: Callable[[str], str]) -> None:
    assert linux.arrive(query(tamper(signed(SENT))), door()) is Refusal.BAD_SIGNATURE


def test_a_redirect_signed_for_another_nas_is_refused() -> None:
    other = Door(door().nas, "https://portal.example/arrive/gw-z", Secret("rahasia-pintu"))

    assert linux.arrive(query(signed(SENT, other)), door()) is Refusal.BAD_SIGNATURE


@pytest.mark.parametrize(
    "raw", ["mac=nobody&at=1790000000", "mac=021122334455", "mac=021122334455&at=-1", "mac=021122334455&at=" + "9" * 40]
)
def test_what_is_signed_may_still_make_no_sense(raw: str) -> None:
    assert linux.arrive(query(signed(raw)), door()) is Refusal.BAD_CLIENT


def test_someone_who_typed_the_address_is_told_where_to_start() -> None:
    assert linux.arrive(query(""), door()) is Refusal.NO_PARAMETERS
