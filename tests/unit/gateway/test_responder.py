"""What the door answers: the way to the portal, the login, and nowhere else."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.exchange import Answer, Ask
from gateway.responder import Responder, Way
from hotspot.nas.linux import signature
from tests.peers.internet import PROBES
from tests.unit.gateway.visitors import (
    ADDRESS,
    GRANT,
    NEIGHBOURS_ADDRESS,
    NOW,
    PHONE,
    PORTAL,
    SECRET,
    WORD,
    Visitors,
    box,
    stay,
)

OWN = "10.70.7.1:3990"
WAY = Way(PORTAL, "gw-a", SECRET)
AFTER = f"{PORTAL}/status?lang=id&grant={GRANT}"


def responder(visitors: Visitors) -> Responder:
    return Responder(box(), WAY, visitors, lambda: NOW)


def answered(visitors: Visitors, path: str, host: str = OWN, address: str = ADDRESS, **query: str) -> Answer:
    return asyncio.run(responder(visitors).answer(Ask("GET", host, path, query), address))


def sent(answer: Answer) -> dict[str, str]:
    """What the portal is told, after its proof was checked."""
    url = dict(answer.headers)["Location"]
    signed, _, proof = url.partition("&sig=")
    assert proof == signature(signed, SECRET)
    assert signed.startswith(f"{PORTAL}/arrive/gw-a?")
    return {name: values[0] for name, values in parse_qs(urlsplit(signed).query).items()}


@pytest.mark.parametrize(("host", "path"), PROBES)
def test_every_systems_check_is_sent_to_the_portal(host: str, path: str) -> None:
    answer = answered(Visitors(), path, host)

    assert answer.status == 302
    assert answer.body == b""
    assert ("Cache-Control", "no-store") in answer.headers
    assert sent(answer) == {"mac": PHONE.digits, "ip": ADDRESS, "at": "1790000000"}


def test_an_address_that_nobody_has_is_asked_to_try_again() -> None:
    assert answered(Visitors(), "/", address="10.70.7.99").status == 503


def test_the_right_word_opens_and_leads_to_the_portals_page() -> None:
    visitors = Visitors()
    answer = answered(visitors, "/login", user=GRANT, password=WORD, after=AFTER)

    assert dict(answer.headers)["Location"] == AFTER
    assert visitors.asked == [(PHONE, ADDRESS, GRANT)]
    assert visitors.stays[PHONE].user_name == GRANT


def test_a_refusal_goes_back_to_the_portal_with_radius_own_words() -> None:
    answer = answered(Visitors(), "/login", user=GRANT, password="wrong", after=AFTER)

    assert sent(answer) == {
        "mac": PHONE.digits,
        "ip": ADDRESS,
        "at": "1790000000",
        "news": "failed",
        "says": "devices",
    }


@pytest.mark.parametrize(
    "after",
    [
        "",
        "https://evil.example/",
        "https://wifi.example.evil.example/",
        "https://wifi.example@evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "http://wifi.example/",
        f"{PORTAL}/\r\nSet-Cookie: a=b",
        f"{PORTAL}/\xe9",
        f"{PORTAL}:8443/",
    ],
)
def test_nobody_is_sent_on_to_a_strangers_page(after: str) -> None:
    answer = answered(Visitors(), "/login", user=GRANT, password=WORD, after=after)

    assert sent(answer)["news"] == "online"


@pytest.mark.parametrize("after", [PORTAL, f"{PORTAL}/", f"{PORTAL}?a=b"])
def test_the_portals_own_pages_are_known_by_its_whole_name(after: str) -> None:
    assert WAY.leads_to(after)


def test_a_foreign_hosts_login_page_is_not_ours() -> None:
    visitors = Visitors()
    answer = answered(visitors, "/login", "shop.example", user=GRANT, password=WORD, after=AFTER)

    assert "news" not in sent(answer)
    assert visitors.asked == []


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_only_a_page_that_is_opened_logs_in(method: str) -> None:
    visitors = Visitors()
    ask = Ask(method, OWN, "/login", {"user": GRANT, "password": WORD, "after": AFTER})
    asyncio.run(responder(visitors).answer(ask, ADDRESS))

    assert visitors.asked == []


def test_a_login_without_a_name_or_a_word_starts_anew() -> None:
    assert "news" not in sent(answered(Visitors(), "/login", user=GRANT, after=AFTER))
    assert "news" not in sent(answered(Visitors(), "/login", password=WORD, after=AFTER))


def test_who_is_online_already_is_not_asked_about_again() -> None:
    visitors = Visitors(stays={PHONE: stay()})
    answer = answered(visitors, "/login", user=GRANT, password=WORD, after=AFTER)

    assert dict(answer.headers)["Location"] == AFTER
    assert visitors.asked == []


def test_who_is_online_and_comes_by_is_told_so_and_the_neighbour_is_not() -> None:
    visitors = Visitors(stays={PHONE: stay()})

    assert sent(answered(visitors, "/")) == {
        "mac": PHONE.digits,
        "ip": ADDRESS,
        "at": "1790000000",
        "news": "online",
        "user": GRANT,
    }
    assert "news" not in sent(answered(visitors, "/", address=NEIGHBOURS_ADDRESS))


def test_leaving_ends_ones_own_stay_and_says_goodbye() -> None:
    visitors = Visitors(stays={PHONE: stay()})
    answered(visitors, "/logout", address=NEIGHBOURS_ADDRESS, user=GRANT)

    assert PHONE in visitors.stays
    assert sent(answered(visitors, "/logout", user=GRANT))["news"] == "left"
    assert visitors.stays == {}


@pytest.mark.parametrize("query", [{}, {"user": ""}, {"user": "gbbbbbbbbbbbbbbbb"}])
def test_a_strangers_link_ends_nobodys_stay(query: dict[str, str]) -> None:
    """Any site may show a picture from /logout; the page of the visit alone knows its grant."""
    visitors = Visitors(stays={PHONE: stay()})

    assert sent(answered(visitors, "/logout", **query))["news"] == "online"
    assert PHONE in visitors.stays


def test_who_was_let_in_by_the_mac_leaves_without_a_name() -> None:
    visitors = Visitors(stays={PHONE: stay(user=PHONE.dashes)})

    assert sent(answered(visitors, "/logout"))["news"] == "left"
    assert visitors.stays == {}


def test_a_page_loaded_twice_while_radius_thinks_is_one_question() -> None:
    visitors = Visitors()

    async def twice() -> tuple[Answer, Answer]:
        visitors.patience = asyncio.Event()
        door = responder(visitors)
        ask = Ask("GET", OWN, "/login", {"user": GRANT, "password": WORD, "after": AFTER})
        both = asyncio.gather(door.answer(ask, ADDRESS), door.answer(ask, ADDRESS))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        visitors.patience.set()
        return await both

    assert [dict(answer.headers)["Location"] for answer in asyncio.run(twice())] == [AFTER, AFTER]
    assert len(visitors.asked) == 1


def test_where_it_goes_by_a_name_both_name_and_addresses_are_its_own() -> None:
    named = box(network6="fd70:4::1/64", name="gw-a.wifi.example", login_port=80)
    door = Responder(named, WAY, Visitors(), lambda: NOW)

    assert door._own == {
        f"{host}{port}" for host in ("10.70.7.1", "gw-a.wifi.example", "[fd70:4::1]") for port in ("", ":80")
    }
