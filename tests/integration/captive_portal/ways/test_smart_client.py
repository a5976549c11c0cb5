"""A smart client comes in with a code and is told in XML; everybody else gets the page alone."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from captive_portal.ways import memory
from captive_portal.ways.guesses import LIMITS
from captive_portal.ways.memory import Known
from hotspot.command import Settings
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import consents, remembered
from hotspot.vouchers import code
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import BOX, COOVA, MORNING, NDS, SECRETS, box, coova, mikrotik, nds
from tests.integration.captive_portal.test_status import began, promised
from tests.integration.captive_portal.ways.conftest import PASSWORD, VOUCHER_KEY, Place, is_let_in, place_on, with_ways
from tests.peers.provider import Provider
from tests.peers.smart_client import AGENT, told

KEY = Secret(SECRETS["HOTSPOT_GRANT_KEY"])
FIRST = code(VOUCHER_KEY, "a1b2", 0)
ALL = ("tap", "voucher", "code", "staff")
ARRIVALS = {"gw-alun-alun-besar": mikrotik(), COOVA: coova(), BOX: box(), NDS: nds()}


def arrived(place: Place, address: str = "") -> dict[str, str]:
    return told(place.client.get(address or mikrotik(), headers=AGENT).text)


def entered(place: Place, login: str, name: str, word: str = "") -> TestResponse:
    form = {"UserName": name, "Password": word, "button": "Login", "FNAME": "0", "OriginatingServer": "http://x/"}
    parts = urlsplit(login)
    return place.client.post(f"{parts.path}?{parts.query}", data=form, headers={**AGENT, "Accept-Language": "en"})


def refusal(answer: TestResponse) -> tuple[str, str]:
    said = told(answer.text)
    assert (answer.status_code, said["message"], said["MessageType"]) == (200, "AuthenticationReply", "120")
    return said["ResponseCode"], said["ReplyMessage"]


@pytest.fixture
def known(place: Place, batch: dict[str, Any]) -> str:
    """A voucher whose bearer has read the notice in a browser."""
    assert is_let_in(place.connect("voucher", place.flow("02:00:00:00:00:07"), code=FIRST))
    return FIRST


def test_only_a_smart_client_is_told_in_xml(place: Place) -> None:
    for address in (mikrotik(), "/status", mikrotik(nas="gw-pendopo-bupati")):
        for agent in ("CaptiveNetworkSupport-443 wispr", "Mozilla/5.0"):
            assert told(place.client.get(address, headers={"User-Agent": agent}).text) == {}
    said = arrived(place)
    assert (said["message"], said["MessageType"], said["ResponseCode"]) == ("Redirect", "100", "0")
    assert said["LoginURL"].startswith("http://127.0.0.1:8080/wispr?flow=")
    assert 'id="connect"' in place.client.get(mikrotik(), headers=AGENT).text
    assert told(place.client.get(mikrotik()).text) == {}  # nor is it kept for the next


@pytest.fixture
def everywhere(settings: Settings, town: Sites, store: Store, clock: FixedClock, there: Provider) -> Place:
    """Every place takes codes."""
    sites = with_ways(town, there.url, *ALL)
    policies = {name: policy.model_copy(update={"ways": ALL}) for name, policy in sites.policies.items()}
    kept = {name: getattr(sites, name) for name in Sites.model_fields}
    return place_on(settings, Sites.model_construct(**kept | {"policies": policies}), store, clock, there)


@pytest.mark.parametrize("nas", ARRIVALS)
def test_a_code_lets_it_in_by_way_of_each_kind_of_nas(everywhere: Place, nas: str) -> None:
    """As a browser; what was agreed to in a browser stands in the consent."""
    place = everywhere
    assert place.connect("tap", place.flow("02:00:00:00:00:07")).status_code == 303
    [first] = place.grants()
    with place.store.writing() as connection:
        owner = Known(first["client"], "tap")
        word = memory.show_code(connection, KEY, first["id"], owner, now=MORNING, until=2**40)
    place.clock.at += 60
    answer = entered(place, arrived(place, ARRIVALS[nas])["LoginURL"], str(word))
    assert answer.status_code == 302
    entrance = {
        "gw-alun-alun-besar": "127.66.2.1:8180",
        COOVA: "127.66.3.1:3990",
        BOX: "10.70.4.1:3990",
        NDS: "127.66.6.2:2050",
    }
    assert urlsplit(answer.headers["Location"]).netloc == entrance[nas]
    grant = place.grants()[-1]
    assert (grant["nas"], grant["mac"], grant["client"]) == (nas, "021122334455", first["client"])
    with place.store.reading() as connection:
        rows = connection.execute(select(consents.c.notice).order_by(consents.c.id)).scalars().all()
    assert len(rows) == 2
    assert rows[0] == rows[1]


def test_from_the_login_to_the_logoff(place: Place, known: str) -> None:
    place.clock.at += 60
    login = arrived(place)["LoginURL"]
    grant_url = entered(place, login, known, "whatever").headers["Location"]
    assert urlsplit(grant_url).netloc == "127.66.2.1:8180"
    grant = place.grants()[-1]["id"]
    waiting = told(place.client.get(f"/status?grant={grant}", headers=AGENT).text)
    assert (waiting["MessageType"], waiting["ResponseCode"]) == ("120", "201")
    poll = urlsplit(waiting["LoginResultsURL"])
    assert told(place.client.get(f"{poll.path}?{poll.query}").text)["ResponseCode"] == "201"
    promised(cast(Any, place), grant)
    began(cast(Any, place), grant)
    polled = told(place.client.get(f"{poll.path}?{poll.query}").text)
    assert (polled["message"], polled["MessageType"], polled["ResponseCode"]) == (
        "AuthenticationPollReply",
        "140",
        "50",
    )
    online = told(place.client.get(f"/status?grant={grant}", headers=AGENT).text)
    assert (online["MessageType"], online["ResponseCode"]) == ("120", "50")
    assert online["LogoffURL"] == polled["LogoffURL"] == "http://127.66.2.1:8180/logout"
    assert online["StatusURL"] == f"http://127.0.0.1:8080/status?grant={grant}"
    left = told(place.client.get(f"/status?grant={grant}&left=1", headers=AGENT).text)
    assert (left["message"], left["MessageType"], left["ResponseCode"]) == ("LogoffReply", "130", "150")


def test_a_refusal_of_the_nas_comes_back_as_one(place: Place) -> None:
    for says, expected in (("time-used", "100"), ("RADIUS%20server%20is%20not%20responding", "102")):
        said = arrived(place, mikrotik(more=says) + "&lang=en")
        assert (said["message"], said["ResponseCode"]) == ("AuthenticationReply", expected)
        assert said["ReplyMessage"]
    assert "time for today is used up" in arrived(place, mikrotik(more="time-used") + "&lang=en")["ReplyMessage"]


@pytest.mark.usefixtures("batch")
def test_whoever_agreed_to_no_notice_is_sent_to_a_browser_first(place: Place) -> None:
    login = arrived(place)["LoginURL"]
    assert refusal(entered(place, login, FIRST)) == (
        "100", "Open a browser this time: the page there says what is noted.",
    )  # fmt: skip
    assert place.grants() == []
    assert is_let_in(place.connect("voucher", code=FIRST))
    with place.store.writing() as connection:
        connection.execute(update(remembered).values(forgotten_at=int(MORNING)))
    assert refusal(entered(place, arrived(place)["LoginURL"], FIRST))[0] == "100"


def test_guesses_are_as_few_as_at_the_page(place: Place, known: str) -> None:
    login = arrived(place)["LoginURL"]
    answers = [refusal(entered(place, login, "000000000")) for _ in range(LIMITS["client"] + 1)]
    assert answers[0][1].startswith("This code is not right")
    assert answers[-1][1].startswith("Too many tries")
    assert refusal(entered(place, login, known))[1].startswith("Too many tries")
    assert len(place.grants()) == 1


def test_staff_come_in_with_name_and_password(place: Place, rini: str) -> None:
    assert is_let_in(place.connect("staff", place.flow("02:00:00:00:00:07"), name=rini, password=PASSWORD))
    login = arrived(place)["LoginURL"]
    assert refusal(entered(place, login, rini, "wrong")) == ("100", "Name or password is not right")
    assert is_let_in_by_302(entered(place, login, rini, PASSWORD))


def is_let_in_by_302(answer: TestResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("http://127.66.2.1:8180/login?")


def test_where_one_tap_is_all_there_is_the_answer_says_so(place: Place) -> None:
    login = arrived(place, mikrotik(nas="gw-pendopo-bupati"))["LoginURL"]
    assert refusal(entered(place, login, "a", "b")) == ("100", "Open a browser: one tap on the page lets you in.")


def test_what_is_no_login_is_answered_in_xml_too(place: Place, known: str) -> None:
    login = arrived(place)["LoginURL"]
    for broken in ("/wispr", "/wispr?flow=x", f"{login}x"):
        assert refusal(entered(place, broken, known))[0] == "100"
    place.clock.at += 601
    assert refusal(entered(place, login, known))[1].startswith("This page was open too long")
    for result in ("", "?grant=gaaaaaaaaaaaaaaaa", "?grant=<x>"):
        assert told(place.client.get(f"/wispr/result{result}").text)["ResponseCode"] == "100"
    assert told(place.client.get("/wispr/abort").text)["ResponseCode"] == "151"
    assert place.client.get("/wispr").status_code == 405
    assert len(place.grants()) == 1


def test_a_smart_client_is_counted_on_its_way(place: Place, known: str) -> None:
    place.client.application.extensions["portal"].funnel.take()
    entered(place, arrived(place)["LoginURL"], known)
    counts = place.client.application.extensions["portal"].funnel.take()
    assert {what: number for (_, _, what), number in counts.items()} == {"page": 1, "submit": 1}
